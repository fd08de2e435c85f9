import Button from '@mui/material/Button'
import { styled } from '@mui/material/styles'
import type { Role, UserSummary } from '@plimsoll/types'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSession } from '../../app/session.tsx'
import { queryClient, trpc } from '../../app/trpc.ts'
import { rolesExplained } from '../../lib/roles.ts'
import { CodeBlock } from '../../ui/code.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { LabelledSelect } from '../../ui/fields.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Muted } from '../../ui/page.tsx'
import { QueryPanel, sentenceOf } from '../../ui/query-panel.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.ts'
import { When } from '../../ui/when.tsx'
import { copy } from './copy.ts'
import { RemoveUser } from './remove-user.tsx'

const InviteLine = styled('div')({
  display: 'flex',
  flexWrap: 'wrap',
  alignItems: 'flex-end',
  gap: 8,
  marginTop: 16,
})
const Link = styled('div')({ maxWidth: 720, marginTop: 12, '& p': { margin: '4px 0 0' } })

export function Users() {
  const users = useQuery(trpc.users.list.queryOptions())
  const [leaving, setLeaving] = useState<UserSummary | null>(null)
  const own = useSession().user.id
  const columns: readonly Column<UserSummary>[] = [
    { id: 'name', header: 'Name', cell: row => row.name },
    { id: 'email', header: 'E-mail address', cell: row => row.email },
    { id: 'role', header: 'Role', cell: row => row.role },
    { id: 'since', header: 'Since', cell: row => <When at={row.createdAt} /> },
    {
      id: 'remove',
      header: 'Remove',
      hideHeader: true,
      align: 'right',
      cell: row =>
        row.id === own ? (
          <Muted>You</Muted>
        ) : (
          <Button variant="text" onClick={() => setLeaving(row)} sx={{ minHeight: 24, py: 0 }}>
            Remove<VisuallyHidden> {row.name}</VisuallyHidden>
          </Button>
        ),
    },
  ]
  return (
    <>
      <QueryPanel query={users} what="the users" skeleton={<TableSkeleton rows={1} />}>
        {rows => <DataTable caption={copy.users} columns={columns} rows={rows} rowKey={row => row.id} />}
      </QueryPanel>
      <Invite />
      <RemoveUser user={leaving} onClose={() => setLeaving(null)} />
    </>
  )
}

function Invite() {
  const [role, setRole] = useState<Role>('Security Reader')
  const invite = useMutation(
    trpc.users.invite.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.users.pathFilter()),
    }),
  )
  return (
    <>
      <InviteLine>
        <LabelledSelect
          label={copy.invite}
          value={role}
          onChange={event => setRole(event.target.value as Role)}
          options={rolesExplained.map(each => ({ value: each.role, label: `as ${each.role}` }))}
        />
        <Button disabled={invite.isPending} onClick={() => invite.mutate({ role })}>
          Make a one-time link
        </Button>
      </InviteLine>
      <p style={{ margin: '6px 0 0' }}>
        <Muted>{copy.inviteText}</Muted>
      </p>
      <div role="status">
        {invite.data && (
          <Link>
            <CodeBlock text={invite.data.link} what="invitation link" />
            <p>
              <Muted>
                It works once and ends <When at={invite.data.expiresAt} />. It is shown only here and now.
              </Muted>
            </p>
          </Link>
        )}
      </div>
      {invite.isError && (
        <Notice title="No link was made" icon="caution" role="alert">
          <p>{sentenceOf(invite.error)}</p>
        </Notice>
      )}
    </>
  )
}
