import { styled } from '@mui/material/styles'

/** What is above a list: its search, how many there are, and what can be done with it as a whole. */
export const Toolbar = styled('div')({
  display: 'flex',
  flexWrap: 'wrap',
  alignItems: 'center',
  gap: '8px 16px',
  paddingBlock: 8,
  fontSize: '0.8125rem',
})
