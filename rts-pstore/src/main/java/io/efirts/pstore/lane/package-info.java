// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Where records wait that found the firmware busy.
 *
 * <p>Place in the data path: behind a crash write that was refused, before a later one, made by the
 * worker at its next chance, before a reset, or in an emergency.
 *
 * <pre>
 *  FREE --claim--> CLAIMED --publish--> READY --take--> WRITING --answered--> WRITTEN --> FREE
 *                     |                   ^                |
 *                     | emergency         `----put back----'
 *                     `--> TORN --its writer is back--> FREE
 * </pre>
 *
 * <p>Every arrow is one compare-and-set of the slot's word, so a thread that was stopped in between
 * holds up nobody, and finds out when it goes on. A queue will not do: its consumer waits behind a
 * producer that was stopped in the middle.
 */
package io.efirts.pstore.lane;
