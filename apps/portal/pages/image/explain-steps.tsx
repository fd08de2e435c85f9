import Button from '@mui/material/Button'
import { styled } from '@mui/material/styles'
import type { ExplainStep, ImageDetail } from '@plimsoll/types'
import { useState } from 'react'
import { Operands } from '../../finding/why-matched.tsx'
import { count } from '../../lib/quantity.ts'
import { Code, ShortCode } from '../../ui/code.tsx'
import { Instruction } from '../../ui/instruction.tsx'
import { Muted } from '../../ui/page.tsx'
import { LayerName } from './layer-name.tsx'

const List = styled('ol')(({ theme }) => ({
  margin: '8px 0 0',
  padding: 0,
  listStyle: 'none',
  fontSize: '0.8125rem',
  lineHeight: '22px',
  '& > li': { padding: '6px 0', borderTop: `1px solid ${theme.vars.palette.divider}` },
}))

interface ExplainStepsProps {
  readonly steps: readonly ExplainStep[]
  readonly total: number
  readonly layers: ImageDetail['layers']
}

const shownAtFirst = 5

/** What was compared, or why nothing was: advisory by advisory, the most telling first. */
export function ExplainSteps({ steps, total, layers }: ExplainStepsProps) {
  const [all, setAll] = useState(false)
  if (steps.length === 0) return null
  const shown = all ? steps : steps.slice(0, shownAtFirst)
  return (
    <>
      <List>
        {shown.map((step, index) => (
          <li key={`${step.advisoryId} ${step.packageName} ${index}`}>
            <Step step={step} layers={layers} />
          </li>
        ))}
      </List>
      {steps.length > shown.length && (
        <Button variant="text" onClick={() => setAll(true)}>
          Show all {count(steps.length)}
        </Button>
      )}
      {all && total > steps.length && (
        <p>
          <Muted>{count(total - steps.length)} more, less telling, are not listed.</Muted>
        </p>
      )}
    </>
  )
}

function Step({ step, layers }: { step: ExplainStep; layers: ImageDetail['layers'] }) {
  const { advisoryId, feed, packageName, sentence, comparisons, path } = step
  return (
    <>
      <div>{sentence}</div>
      <div>
        <Muted>Advisory</Muted> <Code>{advisoryId}</Code> <Muted>for {feed}, package</Muted>{' '}
        <Code>{packageName}</Code>
      </div>
      {comparisons.map((comparison, index) => (
        // One advisory may have the same range twice.
        <Operands key={`${comparison.introduced} ${comparison.fixed} ${index}`} explanation={comparison} />
      ))}
      {path !== null && (
        <div>
          <Muted>Installed according to</Muted> <ShortCode text={`/${path}`} maxLength={56} />
          <Brought step={step} layers={layers} />
        </div>
      )}
    </>
  )
}

/** The layer that brought the package, by its place in the image where it has one, else by its instruction. */
function Brought({
  step: { layer, instruction },
  layers,
}: {
  step: ExplainStep
  layers: ImageDetail['layers']
}) {
  if (layer === null && instruction === null) return null
  const inImage = layers.some(each => each.diffId === layer)
  return (
    <>
      <Muted>, brought by layer</Muted>{' '}
      {inImage || instruction === null ? (
        <LayerName layers={layers} diffId={layer} />
      ) : (
        <Instruction createdBy={instruction} maxLength={56} />
      )}
    </>
  )
}
