/** @file A catalogue of made-up products, written by the database itself: no photos, but all that is known of some. */
import { sql } from 'drizzle-orm';
import type { Orm } from '../../packages/server/src/database/open.ts';

/** Words of titles: some that most titles have, some that few have. Colours and types stand in labels. */
const first = ['Kaos', 'Hoodie', 'Atasan', 'Baju', 'Jaket'];
const second = [
  'katun',
  'premium',
  'polos',
  'lengan panjang',
  'oversize',
  'slim fit',
  'vintage',
  'classic',
  'sport',
  'summer',
];
const rare = 997;

/** @param model hash of the model that knows the photos @param width numbers of an appearance, a multiple of 16 */
export async function fillCatalogue(orm: Orm, count: number, model: string, width: number): Promise<void> {
  const word = (words: readonly string[], of: number) => sql`(array[${sql.join(words.map((one) => sql`${one}`), sql`, `)}]::text[])[1 + (i * ${of} % ${words.length})]`; // prettier-ignore
  await orm.execute(sql`
    insert into products (sku, title, price, quantity, status, joint_confidence, labels)
    select 'K-' || lpad(i::text, 7, '0'), ${word(first, 7)} || ' ' || ${word(second, 13)} || ' seri' || (i % ${rare}),
      (i * 37 % 5000) / 10.0 + 10, i * 31 % 40,
      case when i % 9 = 0 then 'review' when i % 101 = 0 then 'unknown' else 'accept' end,
      (i * 7919 % 10000) / 10000.0,
      jsonb_build_object('jenis', (i % 2)::text, 'warna', (i * 17 % 5)::text)
    from generate_series(1, ${count}::bigint) as i`);
  await orm.execute(sql`
    insert into product_attributes (product_id, attribute, code, source, confidence, model_hash)
    select id, label.key, label.value, 'model', 0.9, ${model} from products, jsonb_each_text(labels) as label`);
  await orm.execute(sql`
    insert into photos (hash, name, format, width, height, bytes)
    select lpad(to_hex(id), 64, '0'), id || '.jpg', 'jpeg', 224, 224, 9000 from products`);
  await orm.execute(sql`
    insert into product_photos (product_id, photo_hash, position) select id, lpad(to_hex(id), 64, '0'), 0 from products`);
  // Numbers of chance, 16 bytes of which repeat.
  await orm.execute(sql`
    insert into photo_features (photo_hash, model_hash, appearance, structure)
    select lpad(to_hex(id), 64, '0'), ${model}, decode(repeat(md5(id::text), ${width / 16}), 'hex'), ''::bytea
    from products order by id`);
  await orm.execute(sql`analyze`);
}
