import { createContext, useContext } from 'react';
import type { Account } from './session';

export const AccountContext = createContext<Account | null>(null);

/** The signed-in account; only used below the shell, where there always is one. */
export function useAccount(): Account {
  const account = useContext(AccountContext);
  if (!account) throw new Error('used outside the signed-in application');
  return account;
}
