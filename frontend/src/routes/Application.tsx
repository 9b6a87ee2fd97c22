// The signed-in application: kit, queries and router, in one chunk of its own.
import '@mantine/core/styles/baseline.css';
import '@mantine/core/styles/default-css-variables.css';
import '@mantine/core/styles/global.css';
import '@mantine/core/styles/UnstyledButton.css';
import '@mantine/core/styles/Button.css';
import '@mantine/core/styles/ActionIcon.css';
import '@mantine/core/styles/CloseButton.css';
import '@mantine/core/styles/Loader.css';
import '@mantine/core/styles/Input.css';
import '@mantine/core/styles/PasswordInput.css';
import '@mantine/core/styles/Paper.css';
import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/Popover.css';
import '@mantine/core/styles/Menu.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';
import '@mantine/core/styles/ScrollArea.css';
import '@mantine/core/styles/Checkbox.css';
import '@mantine/core/styles/Radio.css';
import '@mantine/core/styles/InlineInput.css';
import '@mantine/core/styles/Tabs.css';
import '@mantine/core/styles/Tooltip.css';
import '@mantine/core/styles/Combobox.css';
import '@mantine/core/styles/PillsInput.css';
import '@mantine/core/styles/Pill.css';
import '~/ui/kit.css';
import '~/ui/ui.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { use, useState } from 'react';
import { AccountContext } from '~/app/account';
import { useTheme } from '~/app/prefs';
import { makeQueryClient } from '~/app/queries';
import type { Account } from '~/app/session';
import { loadWorkWords } from '~/i18n';
import { cssVariablesResolver, theme } from '~/ui/theme';
import { makeRouter } from './router';

// Started with the chunk, so that words and code arrive together.
const words = loadWorkWords();

export default function Application({ account }: { account: Account }) {
  use(words);
  const { effective } = useTheme();
  const [queries] = useState(makeQueryClient);
  const [router] = useState(() => makeRouter());
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      forceColorScheme={effective}
    >
      <AccountContext value={account}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </AccountContext>
    </MantineProvider>
  );
}
