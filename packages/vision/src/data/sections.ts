/** Where sections of these lengths begin in a record, one after the other, and where the last one ends. */
export function sections<K extends string>(lengths: Readonly<Record<K, number>>): Readonly<Record<K | 'end', number>> {
  const begins: Record<string, number> = {};
  let end = 0;
  for (const [name, length] of Object.entries<number>(lengths)) {
    begins[name] = end;
    end += length;
  }
  return { ...begins, end } as Record<K | 'end', number>;
}
