/** Hand scanners type a whole code within a moment and press Enter; people do not. */
const gap = 40
const shortest = 6

/** Tells what a scanner types from what a person types, by the time between the keys. */
export class Burst {
  private text = ''
  private at = 0
  /** Takes a key; after Enter it gives the code when a scanner has typed it, else ''. */
  press(key: string, now: number): string {
    const follows = now - this.at <= gap
    this.at = now
    if (key === 'Enter') {
      const code = follows && this.text.length >= shortest ? this.text : ''
      this.text = ''
      return code
    }
    if (key.length === 1) this.text = follows ? this.text + key : key
    return ''
  }
  /** Whether the key just taken began something new. */
  get fresh(): boolean {
    return this.text.length === 1
  }
}

/** Fields in which a person writes; anywhere else letters belong to the scanner. */
export const writes = (target: EventTarget | null): target is HTMLInputElement | HTMLTextAreaElement =>
  (target instanceof HTMLInputElement && !/^(radio|checkbox|button|submit|file)$/.test(target.type)) ||
  target instanceof HTMLTextAreaElement
