// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Races for the agent of a guest: an ordinary caller against a crash that takes the agent over. In
 * the package of what they race, whose parts are not public.
 */
package io.efirts.qemu.agent;
