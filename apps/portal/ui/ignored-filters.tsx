import { styled } from '@mui/material/styles'

const Line = styled('div')({
  display: 'flex',
  flexWrap: 'wrap',
  gap: '4px 16px',
  minHeight: 24,
  fontSize: '0.8125rem',
})
const Ignored = styled('span')(({ theme }) => ({
  padding: '1px 8px',
  borderRadius: 4,
  border: `1px dashed ${theme.vars.palette.surface.line}`,
}))

/** What of the address could not be understood, `cvss=abc`, and therefore does not hold. */
export const IgnoredFilters = ({ ignored }: { ignored: readonly string[] }) =>
  ignored.length > 0 && (
    <Line role="status">
      {ignored.map(each => (
        <Ignored key={each}>Ignored filter {each}</Ignored>
      ))}
    </Line>
  )
