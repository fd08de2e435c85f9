import { styled } from '@mui/material/styles'
import { Icon, type IconName } from './icon.tsx'

const Frame = styled('div')(({ theme }) => ({
  display: 'flex',
  gap: 12,
  padding: '12px 16px',
  borderRadius: theme.vars.shape.borderRadius,
  background: theme.vars.palette.surface.sunken,
  border: `1px solid ${theme.vars.palette.divider}`,
  '& > svg': { marginTop: 3, color: theme.vars.palette.text.secondary },
  '&[data-tone="caution"] > svg': { color: theme.vars.palette.severity.medium },
  '& p': { margin: 0 },
  '& p + p, & ul + p, & ul, & ol': { marginTop: 4 },
}))

const Body = styled('div')({ minWidth: 0, flex: 1, maxWidth: '76ch' })
const Title = styled('p')({ fontWeight: 600 })
const Actions = styled('div')({ display: 'flex', flexWrap: 'wrap', gap: 8, marginTop: 10 })

interface NoticeProps {
  readonly title: string
  readonly children?: React.ReactNode
  readonly actions?: React.ReactNode
  readonly icon?: IconName
  readonly tone?: 'plain' | 'caution'
  readonly role?: 'status' | 'alert'
}

/** Says in words why something is as it is, and what can be done: empty lists, partial results, errors. */
export function Notice({ title, children, actions, icon = 'info', tone = 'plain', role }: NoticeProps) {
  return (
    <Frame data-tone={tone} role={role}>
      <Icon name={icon} />
      <Body>
        <Title>{title}</Title>
        {children}
        {actions && <Actions>{actions}</Actions>}
      </Body>
    </Frame>
  )
}
