/** Remembers what was set last, at least `most` of it: in two generations, the older of which is forgotten as a whole. */
export class Recent<Key, Value> {
  private young = new Map<Key, Value>();
  private old = new Map<Key, Value>();

  constructor(private readonly most: number) {}

  get(key: Key): Value | undefined {
    return this.young.get(key) ?? this.old.get(key);
  }
  set(key: Key, value: Value): void {
    this.young.set(key, value);
    if (this.young.size < this.most) return;
    this.old = this.young;
    this.young = new Map();
  }
}
