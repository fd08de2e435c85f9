import { Unreadable } from './ecosystem.ts'

/** A text of a database, short enough to be named in a sentence. */
export const named = (text: string): string => (text.length <= 80 ? `"${text}"` : `"${text.slice(0, 80)}..."`)

/** What is wrong with a database: the first few things, and how many there are. A made-up one has millions. */
export class Problems {
  private readonly first: string[] = []
  private count = 0

  add(problem: string): void {
    this.count += 1
    if (this.first.length < 3) this.first.push(problem)
  }

  /** @throws Unreadable where there were any */
  throwIfAny(path: string): void {
    if (this.count === 0) return
    const more = this.count - this.first.length
    const shown = this.first.join('; ')
    throw new Unreadable(
      `${path} could not be read in full: ${more > 0 ? `${shown}; and ${more} more` : shown}`,
    )
  }
}
