// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * A thread that makes rounds and sleeps in between. Exported to this project's own modules only.
 *
 * <p>Place in the data path: beside it; whoever leaves something to be done later wakes it.
 */
package io.efirts.dispatch.rounds;
