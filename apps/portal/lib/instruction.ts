const mark = '# buildkit'
const shell = /(?:^| )\/bin\/(?:ba|da|a)?sh (?:-[eux]*o pipefail )?-[eux]*c /

/**
 * A layer's instruction as its author wrote it. The history has what the builder made of it: `/bin/sh -c #(nop)  CMD
 * ["sh"]` and `/bin/sh -c apt-get update` of the classic builder, `RUN |1 VERSION=3 /bin/sh -c make # buildkit` of
 * BuildKit, with the shell and the values of build arguments before a command, and a mark at its end.
 */
export function instructionText(createdBy: string): string {
  const whole = createdBy.trim()
  const text = whole.endsWith(mark) ? whole.slice(0, -mark.length).trimEnd() : whole
  const command = text.startsWith('RUN ') ? text.slice(4).trimStart() : text
  const called = shell.exec(command)
  // Before the shell stand build arguments or nothing; what calls a shell in its middle is something else.
  if (called === null || (called.index > 0 && !command.startsWith('|'))) return text
  const run = command.slice(called.index + called[0].length).trim()
  return run.startsWith('#(nop)') ? run.slice('#(nop)'.length).trim() : `RUN ${run}`
}
