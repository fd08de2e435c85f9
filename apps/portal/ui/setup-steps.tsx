import { styled } from '@mui/material/styles'
import { CodeBlock } from './code.tsx'
import { Notice } from './notice.tsx'

const Steps = styled('ol')({ margin: '8px 0 0', paddingLeft: 20, '& li + li': { marginTop: 12 } })

/** What to do when no registry is connected yet. */
export function SetupSteps() {
  return (
    <Notice title="No registry is connected yet" icon="registries">
      <Steps>
        <li>
          Start Plimsoll with the address of a registry:
          <CodeBlock text="npm start -- --registry http://127.0.0.1:5000" what="command" />
        </li>
        <li>
          Give it advisories, a place laid out as OSV's bucket:
          <CodeBlock text="npm start -- --registry http://127.0.0.1:5000 --advisories DIR" what="command" />
        </li>
        <li>
          Put the <code>notifications:</code> block that it prints into the registry's configuration. Every
          image that is pushed from then on appears here by itself.
        </li>
      </Steps>
    </Notice>
  )
}
