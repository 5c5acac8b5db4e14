/** Where one is in a long list: the selected line and the first one on the screen. Knows nothing of what is listed. */
export class ListPlace {
  selected = 0;
  top = 0;
  /** Stays at the last line while the list grows. */
  following = false;
  private page = 1;

  /** Fits the place to the list and to the lines on the screen. */
  fit(length: number, rows: number): void {
    this.page = Math.max(1, rows);
    if (this.following) this.selected = length - 1;
    this.selected = Math.max(0, Math.min(this.selected, length - 1));
    if (this.selected < this.top) this.top = this.selected;
    if (this.selected >= this.top + this.page) this.top = this.selected - this.page + 1;
    this.top = Math.max(0, Math.min(this.top, length - this.page));
  }
  /** Does what a key asks for; false: it is not about places. */
  act(action: string, length: number): boolean {
    switch (action) {
      case 'up':
        return this.to(this.selected - 1, length);
      case 'down':
        return this.to(this.selected + 1, length);
      case 'page-up':
        return this.to(this.selected - this.page, length);
      case 'page-down':
        return this.to(this.selected + this.page, length);
      case 'first':
        return this.to(0, length);
      case 'last':
        this.to(length - 1, length);
        this.following = true;
        return true;
      default:
        return false;
    }
  }
  to(selected: number, length: number): true {
    this.following = false;
    this.selected = Math.max(0, Math.min(selected, length - 1));
    return true;
  }
  /** Shows a line in the middle of the screen, unless it is on it already. */
  show(selected: number, length: number): void {
    this.to(selected, length);
    if (this.selected < this.top || this.selected >= this.top + this.page)
      this.top = Math.max(0, this.selected - (this.page >> 1));
  }
  /** Selects a line, and shows as many as can be of those after it, up to `end`. */
  reveal(selected: number, end: number): void {
    this.to(selected, end);
    this.top = Math.max(this.top, Math.min(selected, end - this.page));
  }
  /** What was selected stands in another line now: it stays where it is on the screen, as far as the list allows. */
  moveTo(line: number): void {
    this.top += line - this.selected;
    this.selected = line;
  }
  wheel(lines: number, length: number): void {
    this.to(this.selected + lines, length);
  }
}
