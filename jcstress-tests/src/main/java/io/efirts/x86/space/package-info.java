// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Races over a host's page tables that grow: against other directories that follow them, and
 * against the entry into firmware's address space. In the package of what they race, whose parts
 * are not public.
 */
package io.efirts.x86.space;
