/**
 * @file Labels of people that the model contradicts, by the normalised margin of confident learning (Northcutt, Jiang and
 * Chuang 2021, arXiv:1911.00068). The answers are those of when the photos came, before anybody had labelled them.
 */
import { sql } from 'drizzle-orm';
import type { Orm } from '../database/open.ts';
import type { Place, Waiting } from './queue.ts';

/** The worst label of each product that has one, the worst first. What people have said twice is not asked again. */
export async function contradicted(orm: Orm, after: Place, limit: number): Promise<Waiting[]> {
  const issues = sql`(
    select distinct on (id) * from (
      select label.product_id as id, label.attribute, label.code as given, best.code as suggested,
        (coalesce((answer.probabilities -> label.attribute ->> label.code)::float8, 0) - best.probability + 1) / 2 as margin
      from product_attributes label
      join predictions answer on answer.product_id = label.product_id
      join lateral (
        select other.key as code, other.value::float8 as probability
        from jsonb_each_text(answer.probabilities -> label.attribute) other
        where other.key <> label.code order by 2 desc limit 1
      ) best on true
      where label.source = 'person' and (
        select count(*) from attribute_changes said
        where said.product_id = label.product_id and said.attribute = label.attribute and said.undoes is null
          and said.after -> 'label' ->> 'code' = label.code
          and not exists (select 1 from attribute_changes back where back.undoes = said.id)
      ) < 2
    ) margins where margin < 0.5 order by id, margin
  ) issues`;
  const found = await orm
    .select({
      id: sql<number>`id`.mapWith(Number),
      attribute: sql<string>`attribute`,
      given: sql<string>`given`,
      suggested: sql<string>`suggested`,
      margin: sql<number>`margin`.mapWith(Number),
    })
    .from(issues)
    .where(sql`(margin, id) > (${after.rank}::float8, ${after.id}::bigint)`)
    .orderBy(sql`margin, id`)
    .limit(limit);
  return found.map(({ id, ...issue }) => ({ id, rank: issue.margin, issue }));
}
