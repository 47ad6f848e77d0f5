/** Lines of a statement until its `;`: what is typed at a prompt, over as many lines as it takes. */
export class StatementBuffer {
  #text = ''

  get text(): string {
    return this.#text
  }

  get isEmpty(): boolean {
    return this.#text.trim() === ''
  }

  clear(): void {
    this.#text = ''
  }

  /** Takes a line; the statements that it ended, without their `;`. A `;` in a text, a quoted name or a comment ends nothing. */
  add(line: string): string[] {
    this.#text += `${line}\n`
    const ended: string[] = []
    for (;;) {
      const end = endOf(this.#text)
      if (end < 0) return ended
      ended.push(this.#text.slice(0, end))
      this.#text = this.#text.slice(end + 1)
      if (this.isEmpty) this.clear()
    }
  }
}

const parts = /'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\$(\w*)\$[\s\S]*?(?:\$\1\$|$)|;/g

function endOf(text: string): number {
  return [...text.matchAll(parts)].find(([part]) => part === ';')?.index ?? -1
}
