import { styled } from '@mui/material/styles'
import type { CoverageReason, ImageDetail } from '@plimsoll/types'
import { useSearchParams } from 'react-router-dom'
import { counted } from '../../lib/quantity.ts'
import { NavLink } from '../../ui/nav-link.tsx'
import { reasonText } from './copy.ts'
import { tabSearch } from './tab-search.ts'

const List = styled('ul')({
  margin: '4px 0 0',
  paddingLeft: 18,
  '& li + li': { marginTop: 2 },
  '& b': { fontWeight: 600 },
})

interface ReasonsProps {
  readonly image: ImageDetail
  readonly reasons: readonly CoverageReason[]
}

/** What was not read or could not be judged: each in a few words, and then in its sentence. */
export function Reasons({ image, reasons }: ReasonsProps) {
  return (
    <List>
      {reasons.map(({ code, message }, index) => (
        // Two files may be unreadable in the same words.
        <li key={`${message} ${index}`}>
          <b>{reasonText[code]}.</b> {message}
          {code === 'version-not-comparable' && <ToUndetermined image={image} />}
        </li>
      ))}
    </List>
  )
}

function ToUndetermined({ image }: { image: ImageDetail }) {
  const [params] = useSearchParams()
  const { undetermined } = image.findings
  if (undetermined === 0) return null
  return (
    <>
      {' '}
      <NavLink to={{ search: tabSearch(params, 'undetermined') }} underline="always" preventScrollReset>
        {counted(undetermined, 'undetermined finding')}
      </NavLink>
    </>
  )
}
