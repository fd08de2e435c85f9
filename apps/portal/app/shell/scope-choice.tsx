import Button from '@mui/material/Button'
import { styled } from '@mui/material/styles'
import type { Scope, ScopeTree } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useId, useMemo, useRef, useState } from 'react'
import { count } from '../../lib/quantity.ts'
import { scopeKindText } from '../../lib/rule-words.ts'
import { scopeName } from '../../lib/scope.ts'
import { type PlaceRow, placeRows } from '../../rule/place.ts'
import { Icon } from '../../ui/icon.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { BlockSkeleton } from '../../ui/skeleton.tsx'
import { TreeList } from '../../ui/tree-list.ts'
import { useNarrowing } from '../scope.tsx'
import { useNarrowTo } from '../scoped-link.tsx'
import { trpc } from '../trpc.ts'
import {
  type ScopeChoice as Choice,
  choicesOf,
  chosen,
  isFull,
  isTicked,
  type ScopeDraft,
} from './scope-draft.ts'

const Tree = styled('fieldset')(({ theme }) => ({
  margin: '8px 0 0',
  padding: 0,
  border: 0,
  minWidth: 0,
  '& > legend': { padding: 0, fontSize: '0.75rem', color: theme.vars.palette.text.secondary },
  '& > div': { maxHeight: 'min(420px, 48vh)' },
  '& > p': { margin: '6px 0 0', fontSize: '0.75rem', color: theme.vars.palette.text.secondary },
}))
const Toggle = styled('button')(({ theme }) => ({
  flex: 'none',
  width: 24,
  height: 24,
  padding: 0,
  border: 0,
  background: 'none',
  color: theme.vars.palette.text.secondary,
  cursor: 'pointer',
  '&[aria-expanded="true"] svg': { transform: 'rotate(90deg)' },
}))
const Line = styled('div')({ display: 'flex', justifyContent: 'flex-end', marginTop: 12 })

/** The tree of scopes, of which one node is chosen, or several subscriptions; then the page shows what is in it. */
export function ScopeChoice({ onClose }: { onClose: () => void }) {
  const tree = useQuery(trpc.scopes.tree.queryOptions())
  return (
    <QueryPanel query={tree} what="the scopes" skeleton={<BlockSkeleton height={320} />}>
      {data => <Choices tree={data} onClose={onClose} />}
    </QueryPanel>
  )
}

function Choices({ tree, onClose }: { tree: ScopeTree; onClose: () => void }) {
  const { scope } = useNarrowing()
  const narrowTo = useNarrowTo()
  const rows = useMemo(() => placeRows(tree), [tree])
  const [draft, setDraft] = useState<ScopeDraft>(scope ?? null)
  const [sought, setSought] = useState('')
  const [open, setOpen] = useState(() => around(rows, scope))
  const { shown, hidden } = choicesOf(rows, { draft, sought, open })
  const panel = useRef<HTMLDivElement>(null)
  const name = useId()
  useEffect(() => panel.current?.querySelector('input')?.focus(), [])
  const toggle = (key: string, toOpen: boolean) =>
    setOpen(before => new Set(toOpen ? [...before, key] : [...before].filter(each => each !== key)))
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- arrow keys, for the inputs within
    <div ref={panel} onKeyDown={event => moveOrToggle(event, panel.current, toggle)}>
      <SearchField label="Search scopes" value={sought} onChange={text => setSought(text)} />
      <form
        onSubmit={event => {
          event.preventDefault()
          narrowTo(draft)
          onClose()
        }}
      >
        <Tree>
          <legend>One management group or registry, or any number of subscriptions</legend>
          {/* What is found is read from its top. */}
          <TreeList key={sought}>
            {shown.map(row => (
              <Row
                key={row.key}
                row={row}
                indented={shown.some(({ open }) => open !== undefined)}
                group={name}
                disabled={isTicked(row) && !row.chosen && isFull(draft)}
                onToggle={toggle}
                onChoose={() => setDraft(chosen(draft, row))}
              />
            ))}
          </TreeList>
          <p role="status">{hiddenWords(shown.length, hidden)}</p>
        </Tree>
        <Line>
          <Button type="submit" variant="contained">
            Show {draft === null ? 'everything' : scopeName(draft, tree)}
          </Button>
        </Line>
      </form>
    </div>
  )
}

/** The subscription of a chosen registry is open, so that the registry is seen. */
const around = (rows: readonly PlaceRow[], scope: Scope | undefined): ReadonlySet<string> =>
  new Set(
    rows.flatMap(({ kind, id, above }) =>
      kind === 'registry' && scope?.kind === 'registry' && scope.ids.includes(id) ? above.slice(-1) : [],
    ),
  )

function hiddenWords(shown: number, hidden: number): string {
  if (shown === 0) return 'No scope has this in its name.'
  return hidden === 0 ? '' : `${count(hidden)} more are not shown. Search for them.`
}

interface RowProps {
  readonly row: Choice
  readonly indented: boolean
  /** What makes one choice of the radio buttons. */
  readonly group: string
  readonly disabled: boolean
  readonly onToggle: (key: string, open: boolean) => void
  readonly onChoose: () => void
}

function Row({ row, indented, group, disabled, onToggle, onChoose }: RowProps) {
  const { key, name, kind, depth, open } = row
  const isAll = kind === 'tenant'
  return (
    // Where some can be opened, the others stand in line with them.
    <div style={{ paddingLeft: (open === undefined && indented ? 28 : indented ? 4 : 10) + depth * 20 }}>
      {open !== undefined && (
        <Toggle
          type="button"
          tabIndex={-1}
          aria-label={`Registries of ${name}`}
          aria-expanded={open}
          onClick={() => onToggle(key, !open)}
        >
          <Icon name="right" size={12} />
        </Toggle>
      )}
      <label>
        <input
          type={isTicked(row) ? 'checkbox' : 'radio'}
          name={isTicked(row) ? undefined : group}
          checked={row.chosen}
          disabled={disabled}
          data-key={key}
          data-open={open}
          onChange={onChoose}
        />
        <span>{isAll ? 'Everything' : name}</span>
        <span>{isAll ? name : scopeKindText[kind]}</span>
      </label>
    </div>
  )
}

/** Up and Down go from row to row, whatever their kind, and choose nothing; Right and Left show registries and hide them. */
function moveOrToggle(
  event: React.KeyboardEvent,
  panel: HTMLElement | null,
  toggle: (key: string, open: boolean) => void,
): void {
  const inputs = [...(panel?.querySelectorAll('input') ?? [])]
  const at = inputs.findIndex(each => each === event.target)
  const input = inputs[at]
  if (input === undefined || event.ctrlKey || event.metaKey || event.altKey) return
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  const toOpen = { ArrowRight: true, ArrowLeft: false }[event.key]
  if (step !== undefined) {
    event.preventDefault()
    inputs[at + step]?.focus()
  } else if (toOpen !== undefined && input.type !== 'search') {
    // A radio button would choose its neighbour.
    event.preventDefault()
    const { key, open } = input.dataset
    if (key !== undefined && open !== undefined) toggle(key, toOpen)
  }
}
