import Button from '@mui/material/Button'
import { styled } from '@mui/material/styles'
import Typography from '@mui/material/Typography'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { Navigate, useSearchParams } from 'react-router-dom'
import { enterSession, queryClient, trpc } from '../../app/trpc.ts'
import { localPath } from '../../lib/local-path.ts'
import { rolesExplained } from '../../lib/roles.ts'
import { Field, Form } from '../../ui/fields.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Muted, useDocumentTitle } from '../../ui/page.tsx'
import { ErrorNotice } from '../../ui/query-panel.tsx'
import { copy } from './copy.ts'
import { InvitationForm } from './invitation-form.tsx'
import { signInWithPassword } from './password-sign-in.ts'

const Frame = styled('main')({
  display: 'flex',
  flexDirection: 'column',
  gap: 24,
  width: '100%',
  maxWidth: 400,
  margin: '0 auto',
  padding: '12vh 24px 48px',
})
const Brand = styled('div')({
  display: 'flex',
  alignItems: 'center',
  gap: 10,
  fontSize: '1.125rem',
  fontWeight: 640,
})
const Views = styled('section')(({ theme }) => ({
  display: 'flex',
  flexDirection: 'column',
  gap: 12,
  paddingTop: 24,
  borderTop: `1px solid ${theme.vars.palette.divider}`,
  '& p': { margin: 0, fontSize: '0.8125rem' },
}))

export function SignIn() {
  const [params] = useSearchParams()
  const invitation = params.get('invitation')
  const session = useQuery({ ...trpc.session.get.queryOptions(), staleTime: 0 })
  const title =
    invitation === null ? copy.title : session.data?.setupNeeded ? copy.setupTitle : copy.invitationTitle
  useDocumentTitle(title)
  // An invitation is for whoever holds the link, whoever looked at the demonstration before.
  if (session.data?.user && invitation === null)
    return <Navigate to={localPath(params.get('next'))} replace />
  return (
    <Frame>
      <Brand>
        <Mark size={28} />
        Plimsoll
      </Brand>
      <Typography variant="h1">{title}</Typography>
      {session.isError && <ErrorNotice error={session.error} what="the session" retry={session.refetch} />}
      {session.data &&
        (invitation !== null ? (
          <InvitationForm token={invitation} first={session.data.setupNeeded} />
        ) : (
          <>
            {session.data.setupNeeded ? (
              <Notice title="First start">{copy.setupNeeded}</Notice>
            ) : (
              <PasswordForm />
            )}
            {session.data.viewAs && <ViewAs />}
          </>
        ))}
    </Frame>
  )
}

function PasswordForm() {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    setBusy(true)
    const failed = await signInWithPassword(email, password)
    setBusy(false)
    setProblem(failed)
    if (failed === null) await queryClient.resetQueries()
  }
  return (
    <Form onSubmit={submit}>
      <Field
        label="E-mail address"
        type="email"
        autoComplete="username"
        required
        autoFocus
        value={email}
        onChange={event => setEmail(event.target.value)}
      />
      <Field
        label="Password"
        type="password"
        autoComplete="current-password"
        required
        problem={problem}
        value={password}
        onChange={event => setPassword(event.target.value)}
      />
      <Button type="submit" variant="contained" disabled={busy}>
        Sign in
      </Button>
    </Form>
  )
}

/** The demonstration's way in: no account, only a role to look with. */
function ViewAs() {
  const view = useMutation(trpc.session.viewAs.mutationOptions({ onSuccess: enterSession }))
  return (
    <Views aria-labelledby="view-as">
      <Typography variant="h2" id="view-as">
        {copy.demonstration}
      </Typography>
      <p>
        <Muted>{copy.demonstrationText}</Muted>
      </p>
      {rolesExplained.map(({ role, may }) => (
        <div key={role}>
          <Button fullWidth disabled={view.isPending} onClick={() => view.mutate({ role })}>
            View as {role}
          </Button>
          <p style={{ marginTop: 4 }}>
            <Muted>{may}</Muted>
          </p>
        </div>
      ))}
      {view.isError && <ErrorNotice error={view.error} what="the demonstration" retry={() => view.reset()} />}
    </Views>
  )
}
