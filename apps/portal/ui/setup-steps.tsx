import { styled } from '@mui/material/styles'
import { paths } from '../app/paths.ts'
import { useMayConnect } from '../app/session.tsx'
import { CodeBlock } from './code.tsx'
import { NavLink } from './nav-link.tsx'
import { Notice } from './notice.tsx'

const Steps = styled('ol')({ margin: '8px 0 0', paddingLeft: 20, '& li + li': { marginTop: 12 } })

/** What to do when no registry is connected yet. */
export function SetupSteps() {
  const may = useMayConnect()
  return (
    <Notice title="No registry is connected yet" icon="registries">
      <Steps>
        <li>
          {may === 'granted' ? (
            <NavLink to={paths.newRegistry} underline="always">
              Connect a registry
            </NavLink>
          ) : (
            'A Security Admin with an account connects a registry'
          )}
          : its address and its credentials. The connection is tested, and what is in the way is said.
        </li>
        <li>
          Have the registry tell of pushes: its page then shows the webhook and where to put it. Without it,
          images are found when the registry is gone over.
        </li>
        <li>
          Give Plimsoll advisories, a place laid out as OSV's bucket, so that images are compared with
          something:
          <CodeBlock text="npm start -- --advisories DIR" what="command" />
        </li>
      </Steps>
    </Notice>
  )
}
