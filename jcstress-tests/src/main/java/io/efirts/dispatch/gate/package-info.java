// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Races over the gate: acquiring, entering, releasing, waiting, seizing, giving up and changing the
 * mode, in pairs. In the package of what they race, whose parts are not public.
 */
package io.efirts.dispatch.gate;
