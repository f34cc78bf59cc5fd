/** @file How far people who judged the same products agree. */
import type { Agreement } from '@busana/contracts';
import { sql } from 'drizzle-orm';
import type { Orm } from '../database/open.ts';

interface Judgement {
  readonly product: number;
  readonly attribute: string;
  readonly actor: string;
  readonly code: string | null;
}

/** Pairs with a product in common, by name. */
export async function agreement(orm: Orm, attributes: readonly string[]): Promise<Agreement> {
  const judgements = await judgedTwice(orm);
  const actors = [...new Set(judgements.map(({ actor }) => actor))].sort();
  const pairs = actors.flatMap((first, at) => actors.slice(at + 1).map((second): [string, string] => [first, second]));
  return {
    pairs: pairs.flatMap((reviewers) => {
      const compared = attributes.flatMap((name) => {
        const [first, second] = reviewers.map((actor) => saidBy(judgements, actor, name)) as [Said, Said];
        const both = [...first].flatMap(([product, code]) => (second.has(product) ? [[code, second.get(product)!] as const] : [])); // prettier-ignore
        return both.length === 0 ? [] : [{ name, products: both.length, ...cohensKappa(both) }];
      });
      return compared.length === 0 ? [] : [{ reviewers, attributes: compared }];
    }),
  };
}

type Said = ReadonlyMap<number, string>;

function saidBy(judgements: readonly Judgement[], actor: string, attribute: string): Said {
  const own = judgements.filter((judgement) => judgement.actor === actor && judgement.attribute === attribute);
  return new Map(own.map(({ product, code }) => [product, code ?? '']));
}

/** Cohen 1960, "A coefficient of agreement for nominal scales", eq. 1: (observed - expected) / (1 - expected). */
export function cohensKappa(pairs: readonly (readonly [string, string])[]): {
  agreement: number;
  kappa: number | null;
} {
  const observed = pairs.filter(([first, second]) => first === second).length / pairs.length;
  const share = (side: 0 | 1, code: string) => pairs.filter((pair) => pair[side] === code).length / pairs.length;
  const codes = new Set(pairs.flat());
  const expected = [...codes].reduce((total, code) => total + share(0, code) * share(1, code), 0);
  return { agreement: observed, kappa: expected === 1 ? null : (observed - expected) / (1 - expected) };
}

/** The last word of each person on each attribute that several have judged. */
async function judgedTwice(orm: Orm): Promise<Judgement[]> {
  const latest = sql`(
    select *, count(*) over (partition by product_id, attribute) as people from (
      select distinct on (product_id, attribute, actor) product_id, attribute, actor, after -> 'label' ->> 'code' as code
      from attribute_changes said
      where undoes is null and not exists (select 1 from attribute_changes back where back.undoes = said.id)
      order by product_id, attribute, actor, id desc
    ) words
  ) latest`;
  return orm
    .select({
      product: sql<number>`product_id`.mapWith(Number),
      attribute: sql<string>`attribute`,
      actor: sql<string>`actor`,
      code: sql<string | null>`code`,
    })
    .from(latest)
    .where(sql`people > 1`);
}
