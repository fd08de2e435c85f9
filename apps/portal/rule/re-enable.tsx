import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import { styled } from '@mui/material/styles'
import type { FindingChoice } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { paths } from '../app/paths.ts'
import { Link } from '../app/scoped-link.tsx'
import { trpc } from '../app/trpc.ts'
import { count, counted } from '../lib/quantity.ts'
import { NavLink } from '../ui/nav-link.tsx'
import { Muted } from '../ui/page.tsx'
import { QueryPanel } from '../ui/query-panel.tsx'
import { BlockSkeleton } from '../ui/skeleton.tsx'
import { When } from '../ui/when.tsx'
import { copy } from './copy.ts'
import { DeleteRule } from './delete-rule.tsx'
import { Disables, ScopeText } from './rule-cells.tsx'
import { useRestore } from './use-restore.ts'

const List = styled('ul')(({ theme }) => ({
  margin: '12px 0 0',
  padding: 0,
  listStyle: 'none',
  fontSize: '0.8125rem',
  '& li': {
    display: 'flex',
    flexWrap: 'wrap',
    gap: '0 8px',
    alignItems: 'center',
    padding: '8px 0',
    borderTop: `1px solid ${theme.vars.palette.divider}`,
  },
  // On a phone the buttons go below.
  '& li > div': { flex: '1 1 220px', overflowWrap: 'anywhere' },
}))
const Text = styled('p')({ margin: 0, fontSize: '0.8125rem' })

interface ReEnableProps {
  /** Disabled findings. */
  readonly choice: FindingChoice
  /** @param changed whether a rule was deleted. */
  readonly onClose: (changed: boolean) => void
}

/** The rules that disable some findings, each to be changed or deleted: nothing else brings the findings back. */
export function ReEnable({ choice, onClose }: ReEnableProps) {
  const id = useId()
  const disabling = useQuery({ ...trpc.rules.disabling.queryOptions(choice), staleTime: 0 })
  const [deleted, setDeleted] = useState<readonly Deleted[]>([])
  const close = () => onClose(deleted.length > 0)
  const [doomed, setDoomed] = useState<Omit<Deleted, 'reopened'> | null>(null)
  return (
    <Dialog open onClose={close} aria-labelledby={id} fullWidth maxWidth="sm">
      <DialogTitle id={id}>Re-enable findings</DialogTitle>
      <DialogContent>
        <QueryPanel query={disabling} what="the rules" skeleton={<BlockSkeleton height={96} />}>
          {({ findings, rules }) =>
            rules.length === 0 ? (
              <Text role="status">{copy.noneDisabled}</Text>
            ) : (
              <>
                <Text>{copy.reEnable}</Text>
                <List aria-label="Rules that disable them">
                  {rules.map(rule => (
                    <li key={rule.id}>
                      <div>
                        <NavLink to={paths.rule(rule.id)} underline="always">
                          {rule.name}
                        </NavLink>
                        <br />
                        <Muted>
                          disables {count(rule.findings)} of {counted(findings, 'selected finding')}
                          {rule.disables > 0 && (
                            <>
                              , <Disables rule={rule} /> in all
                            </>
                          )}
                          {rule.expiresAt !== null && (
                            <>
                              , ends <When at={rule.expiresAt} />
                            </>
                          )}
                        </Muted>
                        <br />
                        in <ScopeText scope={rule.scope} name={rule.scopeName} />
                      </div>
                      <Button
                        variant="text"
                        component={Link}
                        to={paths.editRule(rule.id)}
                        aria-label={`Override ${rule.name}`}
                      >
                        Override
                      </Button>
                      <Button
                        variant="text"
                        aria-label={`Delete ${rule.name}`}
                        onClick={() => setDoomed(rule)}
                      >
                        Delete…
                      </Button>
                    </li>
                  ))}
                </List>
              </>
            )
          }
        </QueryPanel>
        <DeletedRules
          rules={deleted}
          onRestored={restored => setDeleted(before => before.filter(rule => rule.id !== restored))}
        />
      </DialogContent>
      <DialogActions>
        <Button variant="text" onClick={close}>
          Close
        </Button>
      </DialogActions>
      <DeleteRule
        rule={doomed}
        onClose={() => setDoomed(null)}
        onDeleted={reopened => {
          if (doomed !== null) setDeleted(before => [...before, { ...doomed, reopened }])
        }}
      />
    </Dialog>
  )
}

interface Deleted {
  readonly id: string
  readonly name: string
  /** How many findings that re-opened, in words. */
  readonly reopened: string
}

/** What was done here so far. What is said beside a dialog cannot be reached from it, so it can be undone in here. */
function DeletedRules({
  rules,
  onRestored,
}: {
  rules: readonly Deleted[]
  onRestored: (id: string) => void
}) {
  const restore = useRestore()
  const undo = async (id: string) => {
    if (await restore(id)) onRestored(id)
  }
  return (
    <div role="status">
      {rules.length > 0 && (
        <List aria-label="Rules that were deleted">
          {rules.map(({ id, name, reopened }) => (
            <li key={id}>
              <div>
                {name} <Muted>was deleted. {reopened}</Muted>
              </div>
              <Button variant="text" aria-label={`Undo deleting ${name}`} onClick={() => void undo(id)}>
                Undo
              </Button>
            </li>
          ))}
        </List>
      )}
    </div>
  )
}
