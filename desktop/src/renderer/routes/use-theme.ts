import { useMantineColorScheme } from '@mantine/core';
import type { ThemeChoice } from '../platform/platform';
import { useServices } from '../replica/hooks';

/** The theme that was chosen; `system` follows the computer's. Kept by Mantine on this computer. */
export function useTheme(): { choice: ThemeChoice; setChoice: (choice: ThemeChoice) => void } {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { platform } = useServices();
  return {
    choice: colorScheme === 'auto' ? 'system' : colorScheme,
    setChoice: (choice) => {
      setColorScheme(choice === 'system' ? 'auto' : choice);
      void platform.setTheme(choice);
    },
  };
}
