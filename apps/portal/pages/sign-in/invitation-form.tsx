import Button from '@mui/material/Button'
import { useMutation } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { paths } from '../../app/paths.ts'
import { useGo } from '../../app/scoped-link.tsx'
import { enterSession, trpc } from '../../app/trpc.ts'
import { Field, Form } from '../../ui/fields.tsx'
import { Notice } from '../../ui/notice.tsx'
import { sentenceOf } from '../../ui/query-panel.tsx'
import { copy } from './copy.ts'
import { type InvitationProblems, readInvitation } from './invitation-draft.ts'

/** Makes the account that a one-time link is for, and signs in. */
export function InvitationForm({ token, first }: { token: string; first: boolean }) {
  const go = useGo()
  const [problems, setProblems] = useState<InvitationProblems>({})
  const accept = useMutation(
    trpc.session.acceptInvitation.mutationOptions({
      onSuccess: async session => {
        // The token stays out of the history: it works once, but it need not be looked at.
        await go(paths.overview, { replace: true })
        await enterSession(session)
      },
    }),
  )
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const read = readInvitation(token, new FormData(event.currentTarget))
    setProblems('problems' in read ? read.problems : {})
    if ('given' in read) accept.mutate(read.given)
  }
  return (
    <Form onSubmit={submit} noValidate>
      <p style={{ margin: 0 }}>{first ? copy.setupText : copy.invitationText}</p>
      {accept.isError && (
        <Notice title="The account was not set up" icon="caution" role="alert">
          <p>{sentenceOf(accept.error)}</p>
        </Notice>
      )}
      {problems.token && (
        <Notice title={problems.token} icon="caution" role="alert">
          {copy.noTokenText}
        </Notice>
      )}
      <Field label="Name" name="name" autoComplete="name" autoFocus problem={problems.name} />
      <Field
        label="E-mail address"
        name="email"
        type="email"
        autoComplete="username"
        problem={problems.email}
      />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        help={copy.password}
        problem={problems.password}
      />
      <Button type="submit" variant="contained" disabled={accept.isPending}>
        Set up the account
      </Button>
    </Form>
  )
}
