/** Puts an item at the end of the list of its key. Lists grow in place: copying one for every member is quadratic. */
export function appendTo<K, T>(lists: Map<K, T[]>, key: K, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
