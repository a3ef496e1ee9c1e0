/** Mantine dressed in the tokens. Every colour is a variable of tokens.css, so that both schemes come from one place. */
import {
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  Modal,
  MultiSelect,
  Popover,
  Select,
  Textarea,
  TextInput,
  Tooltip,
} from '@mantine/core';
import fields from './fields.module.css';

const primary = Array.from({ length: 10 }, () => 'var(--primary)') as unknown as MantineColorsTuple;
const rose = Array.from({ length: 10 }, () => 'var(--rose)') as unknown as MantineColorsTuple;

const field = {
  label: fields.label,
  input: fields.input,
  error: fields.error,
  description: fields.description,
};

export const theme = createTheme({
  fontFamily: "'Inter Variable', 'Inter', system-ui, sans-serif",
  fontFamilyMonospace: 'ui-monospace, monospace',
  headings: { fontFamily: "'Inter Variable', 'Inter', system-ui, sans-serif", fontWeight: '650' },
  colors: { primary, rose },
  primaryColor: 'primary',
  primaryShade: 6,
  autoContrast: false,
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  defaultRadius: 6,
  radius: { xs: '4px', sm: '6px', md: '6px', lg: '10px', xl: '10px' },
  fontSizes: { xs: '11px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  components: {
    TextInput: TextInput.extend({ classNames: field, defaultProps: { size: 'sm' } }),
    Textarea: Textarea.extend({ classNames: field, defaultProps: { size: 'sm' } }),
    Select: Select.extend({
      classNames: { ...field, dropdown: fields.dropdown, option: fields.option },
      defaultProps: {
        size: 'sm',
        allowDeselect: false,
        checkIconPosition: 'right',
        comboboxProps: { transitionProps: { duration: 120, transition: 'fade' }, shadow: 'none' },
      },
    }),
    MultiSelect: MultiSelect.extend({
      classNames: {
        ...field,
        input: fields.pills,
        pill: fields.pill,
        dropdown: fields.dropdown,
        option: fields.option,
      },
      defaultProps: {
        size: 'sm',
        checkIconPosition: 'right',
        comboboxProps: { transitionProps: { duration: 120, transition: 'fade' }, shadow: 'none' },
      },
    }),
    Modal: Modal.extend({
      classNames: { content: fields.modal, header: fields.modalHead, overlay: fields.overlay },
      defaultProps: {
        centered: true,
        // The title's bar is a `header`: outside of a section it would be a second banner of the page.
        attributes: { header: { role: 'presentation' } },
        closeButtonProps: { 'aria-label': 'Close' },
        radius: 10,
        transitionProps: { duration: 160, transition: 'fade' },
        overlayProps: { backgroundOpacity: 1, color: 'var(--scrim)' },
      },
    }),
    Popover: Popover.extend({
      classNames: { dropdown: fields.dropdown },
      defaultProps: { transitionProps: { duration: 120, transition: 'fade' }, shadow: 'none' },
    }),
    Tooltip: Tooltip.extend({
      classNames: { tooltip: fields.tooltip },
      defaultProps: { openDelay: 400, transitionProps: { duration: 120 }, multiline: true },
    }),
  },
});

const shades = (name: string, base: string, hover: string, soft: string, ink: string, on: string) => ({
  [`--mantine-color-${name}-filled`]: base,
  [`--mantine-color-${name}-filled-hover`]: hover,
  [`--mantine-color-${name}-light`]: soft,
  [`--mantine-color-${name}-light-hover`]: soft,
  [`--mantine-color-${name}-light-color`]: ink,
  [`--mantine-color-${name}-outline`]: base,
  [`--mantine-color-${name}-outline-hover`]: soft,
  [`--mantine-color-${name}-text`]: ink,
  [`--mantine-color-${name}-contrast`]: on,
});

const scheme: Record<string, string> = {
  '--mantine-color-body': 'var(--bg)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-bright': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-3)',
  '--mantine-color-placeholder': 'var(--ink-3)',
  '--mantine-color-anchor': 'var(--primary-ink)',
  '--mantine-color-error': 'var(--rose-ink)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--sunken)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--control)',
  '--mantine-color-disabled': 'var(--wash)',
  '--mantine-color-disabled-color': 'var(--ink-3)',
  '--mantine-color-disabled-border': 'var(--line-2)',
  '--mantine-primary-color-contrast': 'var(--on-primary)',
  '--mantine-primary-color-filled': 'var(--primary)',
  ...shades(
    'primary',
    'var(--primary)',
    'var(--primary-hover)',
    'var(--primary-soft)',
    'var(--primary-ink)',
    'var(--on-primary)',
  ),
  ...shades(
    'rose',
    'var(--rose)',
    'var(--rose-ink)',
    'var(--rose-soft)',
    'var(--rose-ink)',
    'var(--surface)',
  ),
};

export const variables: CSSVariablesResolver = () => ({ variables: {}, light: scheme, dark: scheme });
