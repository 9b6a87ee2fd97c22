import {
  IconAddressBook,
  IconBuildingCommunity,
  IconChecklist,
  IconCoins,
  IconDoorEnter,
  IconFileImport,
  IconHeartHandshake,
  IconHome,
  IconListDetails,
  IconPlugConnected,
  IconUrgent,
  IconUserHeart,
  IconUserShield,
} from '@tabler/icons-react';
import type { Place } from '../roles';

export const placeIcons: Record<Place, typeof IconHome> = {
  home: IconHome,
  tasks: IconChecklist,
  households: IconAddressBook,
  problems: IconUrgent,
  cases: IconUserHeart,
  referrals: IconDoorEnter,
  programs: IconHeartHandshake,
  funding: IconCoins,
  imports: IconFileImport,
  organizations: IconBuildingCommunity,
  accounts: IconUserShield,
  clients: IconPlugConnected,
  codes: IconListDetails,
};

export const placePaths: Record<Place, string> = {
  home: '/',
  tasks: '/tasks',
  households: '/households',
  problems: '/problems',
  cases: '/cases',
  referrals: '/referrals',
  programs: '/programs',
  funding: '/funding-sources',
  imports: '/imports',
  organizations: '/organizations',
  accounts: '/accounts',
  clients: '/clients',
  codes: '/code-lists',
};
