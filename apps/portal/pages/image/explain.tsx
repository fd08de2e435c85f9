import Button from '@mui/material/Button'
import { styled } from '@mui/material/styles'
import type { ExplainAnswer, ImageDetail } from '@plimsoll/types'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type RefObject, useId, useRef, useState } from 'react'
import { useAddressParams } from '../../app/address-params.ts'
import { trpc } from '../../app/trpc.ts'
import { findingsPath } from '../../finding/finding-query.ts'
import { withParam } from '../../lib/search-params.ts'
import { Code } from '../../ui/code.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Muted } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { BlockSkeleton } from '../../ui/skeleton.tsx'
import { ExplainSteps } from './explain-steps.tsx'
import { outcomeIcon, outcomeText } from './explain-words.ts'

const Asking = styled('form')(({ theme }) => ({
  display: 'flex',
  flexWrap: 'wrap',
  alignItems: 'center',
  gap: '4px 8px',
  marginTop: 12,
  fontSize: '0.8125rem',
  '& input': {
    width: 220,
    height: 30,
    padding: '0 10px',
    border: `1px solid ${theme.vars.palette.surface.line}`,
    borderRadius: theme.vars.shape.borderRadius,
    background: theme.vars.palette.background.default,
    color: 'inherit',
    font: 'inherit',
    '&::placeholder': { color: theme.vars.palette.text.secondary, opacity: 1 },
  },
}))
const Answered = styled('section')({ marginTop: 8 })

const maxIdLength = 200

/** Asks why a vulnerability is, or is not, among this image's findings. The question is in the URL. */
export function Explain({ image }: { image: ImageDetail }) {
  const [params, setParams] = useAddressParams()
  const asked = params.get('explain')?.trim().slice(0, maxIdLength) ?? ''
  const ask = (id: string) => setParams(withParam(params, 'explain', id.trim()), { preventScrollReset: true })
  const field = useRef<HTMLInputElement>(null)
  const close = () => {
    ask('')
    // The button that was pressed goes away with the answer.
    field.current?.focus()
  }
  return (
    <>
      <Question asked={asked} onAsk={ask} field={field} />
      {asked !== '' && <Answer image={image} asked={asked} onClose={close} />}
    </>
  )
}

interface QuestionProps {
  readonly asked: string
  readonly onAsk: (id: string) => void
  readonly field: RefObject<HTMLInputElement | null>
}

function Question({ asked, onAsk, field }: QuestionProps) {
  const id = useId()
  const [text, setText] = useState(asked)
  const [before, setBefore] = useState(asked)
  // Back shows the question before in the field too. It stays the same field, for the focus is in it.
  if (before !== asked) {
    setBefore(asked)
    setText(asked)
  }
  return (
    <Asking
      onSubmit={event => {
        event.preventDefault()
        onAsk(text)
      }}
    >
      <label htmlFor={id}>Why is a CVE reported here, or not?</label>
      <input
        id={id}
        ref={field}
        value={text}
        maxLength={maxIdLength}
        placeholder="CVE-2024-0727"
        autoComplete="off"
        spellCheck={false}
        onChange={event => setText(event.target.value)}
      />
      <Button type="submit" disabled={text.trim() === ''}>
        Explain
      </Button>
    </Asking>
  )
}

interface AnswerProps {
  readonly image: ImageDetail
  readonly asked: string
  readonly onClose: () => void
}

function Answer({ image, asked, onClose }: AnswerProps) {
  const { registryId, repository, digest } = image
  const answer = useQuery({
    ...trpc.images.explain.queryOptions({ registryId, repository, digest, id: asked }),
    placeholderData: keepPreviousData,
  })
  return (
    <Answered aria-label={`Why ${asked} is reported here, or not`} aria-busy={answer.isPlaceholderData}>
      <QueryPanel query={answer} what="the explanation" skeleton={<BlockSkeleton height={128} />}>
        {data => <Explained image={image} answer={data} onClose={onClose} />}
      </QueryPanel>
    </Answered>
  )
}

interface ExplainedProps {
  readonly image: ImageDetail
  readonly answer: ExplainAnswer
  readonly onClose: () => void
}

function Explained({ image, answer, onClose }: ExplainedProps) {
  const { asked, vulnerabilityId, aliases, outcome, sentence, steps, stepsTotal } = answer
  const { registryId, repository, digest } = image
  const listed = outcome === 'reported' || outcome === 'undetermined' || outcome === 'folded'
  const others = aliases.filter(id => id !== vulnerabilityId)
  const name = asked.toUpperCase() === vulnerabilityId?.toUpperCase() ? vulnerabilityId : asked
  return (
    <Notice
      icon={outcomeIcon[outcome]}
      title={`${name}: ${outcomeText[outcome]}`}
      role="status"
      actions={<Button onClick={onClose}>Close the explanation</Button>}
    >
      <p>
        {sentence}{' '}
        {listed && vulnerabilityId !== null && (
          <NavLink
            to={findingsPath({
              registryId,
              repository,
              digest,
              cve: vulnerabilityId,
              ...(outcome === 'undetermined' && { status: 'undetermined' }),
            })}
            underline="always"
          >
            Its findings
          </NavLink>
        )}
      </p>
      {vulnerabilityId !== null && others.length > 0 && (
        <p>
          <Muted>
            {vulnerabilityId} is also known as <Code>{others.join(', ')}</Code>
          </Muted>
        </p>
      )}
      <ExplainSteps steps={steps} total={stepsTotal} layers={image.layers} />
    </Notice>
  )
}
