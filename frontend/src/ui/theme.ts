// Mantine on our tokens: every variant is told its colours here, so both themes keep their contrast.
import {
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';

const pine: MantineColorsTuple = [
  '#eef6f3',
  '#dcece7',
  '#b9dad1',
  '#8fc4b6',
  '#5ca897',
  '#2f8a77',
  '#17705f',
  '#0d5a4f',
  '#0a473e',
  '#07332d',
];

const tone = (name: string) => (name === 'red' ? 'bad' : 'primary');

const variantColorResolver: VariantColorsResolver = ({ color, variant }) => {
  const bad = tone(color ?? '') === 'bad';
  switch (variant) {
    case 'filled':
      return bad
        ? {
            background: 'var(--sp-bad)',
            hover: 'var(--sp-bad)',
            color: 'var(--sp-bad-soft)',
            border: '1px solid transparent',
          }
        : {
            background: 'var(--sp-primary)',
            hover: 'var(--sp-primary-hover)',
            color: 'var(--sp-on-primary)',
            border: '1px solid transparent',
          };
    case 'light':
      return {
        background: bad ? 'var(--sp-bad-soft)' : 'var(--sp-soft)',
        hover: bad ? 'var(--sp-bad-soft)' : 'var(--sp-soft)',
        color: bad ? 'var(--sp-bad)' : 'var(--sp-on-soft)',
        border: '1px solid transparent',
      };
    case 'subtle':
    case 'transparent':
      return {
        background: 'transparent',
        hover: 'var(--sp-hover)',
        color: bad ? 'var(--sp-bad)' : 'var(--sp-link)',
        border: '1px solid transparent',
      };
    default:
      return {
        background: 'var(--sp-surface)',
        hover: 'var(--sp-hover)',
        color: bad ? 'var(--sp-bad)' : 'var(--sp-text)',
        border: '1px solid var(--sp-line-strong)',
      };
  }
};

export const theme = createTheme({
  colors: { pine },
  primaryColor: 'pine',
  primaryShade: { light: 7, dark: 4 },
  defaultRadius: 10,
  fontFamily: 'var(--sp-font)',
  fontFamilyMonospace: 'var(--sp-mono)',
  fontSizes: { xs: '14px', sm: '15px', md: '16px', lg: '18px', xl: '21px' },
  headings: { fontFamily: 'var(--sp-font)', fontWeight: '700' },
  variantColorResolver,
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'md' } },
    ActionIcon: { defaultProps: { size: 44, variant: 'subtle' } },
    TextInput: { defaultProps: { size: 'md' } },
    PasswordInput: { defaultProps: { size: 'md' } },
    Textarea: { defaultProps: { size: 'md', autosize: true, minRows: 3 } },
    NumberInput: { defaultProps: { size: 'md', hideControls: true } },
    NativeSelect: { defaultProps: { size: 'md' } },
    Select: { defaultProps: { size: 'md' } },
    MultiSelect: { defaultProps: { size: 'md' } },
    Checkbox: { defaultProps: { size: 'md' } },
    Modal: {
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.6 },
        // A dialog's header element would count as a second banner of the page.
        attributes: { header: { role: 'presentation' } },
      },
    },
    Tooltip: {
      defaultProps: { multiline: true, events: { hover: true, focus: true, touch: true } },
    },
  },
});

const shared = {
  '--mantine-color-body': 'var(--sp-surface)',
  '--mantine-color-text': 'var(--sp-text)',
  '--mantine-color-dimmed': 'var(--sp-muted)',
  '--mantine-color-placeholder': 'var(--sp-muted)',
  '--mantine-color-anchor': 'var(--sp-link)',
  '--mantine-color-error': 'var(--sp-bad)',
  '--mantine-color-default': 'var(--sp-surface)',
  '--mantine-color-default-hover': 'var(--sp-hover)',
  '--mantine-color-default-color': 'var(--sp-text)',
  '--mantine-color-default-border': 'var(--sp-line)',
  '--mantine-color-disabled': 'var(--sp-sunken)',
  '--mantine-color-disabled-color': 'var(--sp-muted)',
  '--mantine-color-disabled-border': 'var(--sp-line)',
  '--mantine-primary-color-filled': 'var(--sp-primary)',
  '--mantine-primary-color-filled-hover': 'var(--sp-primary-hover)',
  '--mantine-primary-color-contrast': 'var(--sp-on-primary)',
  '--mantine-primary-color-light': 'var(--sp-soft)',
  '--mantine-primary-color-light-color': 'var(--sp-on-soft)',
};

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: shared,
  dark: shared,
});
