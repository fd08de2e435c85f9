import { useState } from 'react'
import { focusFirstProblem } from '../lib/first-problem.ts'
import { NarrowForm } from './form-parts.ts'

/** A form as it is being filled in. */
export interface DraftForm<Draft, Given, Problems> {
  readonly draft: Draft
  /** What was wrong when it was last read, by field. */
  readonly problems: Problems
  change(part: Partial<Draft>): void
  /** Puts another draft in its place. */
  restart(draft: Draft): void
  /**
   * What it gives; null where something is wrong, which its fields then say.
   * @param within the first of them takes the focus.
   */
  read(within: HTMLFormElement | null): Given | null
}

interface Refused {
  readonly problems: object
}
type GivenOf<Answer> = Exclude<Answer, Refused>
type ProblemsOf<Answer> = Partial<Extract<Answer, Refused>['problems']>

/**
 * Keeps the draft of a form, and reads it as a whole when it is sent.
 * @param readDraft answers what the form gives, or `problems` by field.
 */
export function useDraftForm<Draft extends object, Answer extends object>(
  initial: () => Draft,
  readDraft: (draft: Draft) => Answer,
): DraftForm<Draft, GivenOf<Answer>, ProblemsOf<Answer>> {
  const [draft, setDraft] = useState(initial)
  const [problems, setProblems] = useState<ProblemsOf<Answer>>({})
  return {
    draft,
    problems,
    change: part => setDraft({ ...draft, ...part }),
    restart: setDraft,
    read(within) {
      const answer = readDraft(draft)
      if ('problems' in answer) {
        setProblems(answer.problems as ProblemsOf<Answer>)
        focusFirstProblem(within)
        return null
      }
      setProblems({})
      return answer as GivenOf<Answer>
    },
  }
}

interface DraftFormFrameProps<Given> {
  readonly form: Pick<DraftForm<never, Given, unknown>, 'read'>
  readonly onSend: (given: Given) => void
  readonly children: React.ReactNode
}

/** The form around its fields. What is wrong it says itself, in its own words; nothing is filled in by the browser. */
export const DraftFormFrame = <Given,>({ form, onSend, children }: DraftFormFrameProps<Given>) => (
  <NarrowForm
    noValidate
    autoComplete="off"
    onSubmit={event => {
      event.preventDefault()
      const given = form.read(event.currentTarget)
      if (given !== null) onSend(given)
    }}
  >
    {children}
  </NarrowForm>
)
