// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Races over the bytes of a variable store: its ordinary writer against a crash that takes it over,
 * at each kind of step. In the package of what they race, whose parts are not public.
 */
package io.efirts.firmware.store;
