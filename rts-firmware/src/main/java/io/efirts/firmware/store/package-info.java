// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * The variable store: EDK2's on-disk format, byte for byte.
 *
 * <p>Place in the data path: below the services, above the storage.
 *
 * <pre>
 * VariableServices ──► VariableStore ──► StoreWriter ──► NvStorage
 *                        find, walk,       the commit      mapped file,
 *                        fields            protocol        memory, test double
 * NvImage: opens and validates an image once, then hands out its VariableStore,
 *          and a CrashStore for when a thread was stopped inside that one
 * </pre>
 *
 * <h2>Why a power cut leaves the old or the new value</h2>
 *
 * <p>The model: plain writes and compare-and-sets reach the medium in any order, at any time or not
 * at all, an aligned word at a time; {@code force} alone makes sure. A record counts when its state
 * says ADDED; IN_DELETED_TRANSITION counts only while no ADDED record has the same name, and of
 * several the last one does.
 *
 * <ol>
 *   <li>The old record goes from ADDED to IN_DELETED_TRANSITION. It is still the value: nothing
 *       else with that name is ADDED.
 *   <li>The new record's attributes and sizes go into erased words at the tail by compare-and-set,
 *       then its header word becomes HEADER_ONLY, also by compare-and-set. Nobody can claim the
 *       same bytes twice, and whoever finds the claim knows its length. The rest of the record is
 *       written then. A header-only record is never a value, so it does not matter what of it is
 *       durable. If the header word is and the sizes are not, the walk ends there; nothing can be
 *       behind it yet.
 *   <li>One force covers the old word, the new record, and every earlier header that may not be
 *       durable. From here on the walk reaches the new record on the medium too.
 *   <li>The new record's word goes from HEADER_ONLY to ADDED. This single word is the commit:
 *       before it is durable the old value is found, afterwards the new one. The old record cannot
 *       be ADDED on the medium any more, because of step 3.
 *   <li>A second force covers that word. Only now is success reported.
 *   <li>The old record goes from IN_DELETED_TRANSITION to deleted. Losing this change is harmless
 *       as long as the new record is ADDED, so it is not forced, only remembered.
 * </ol>
 *
 * <p>What step 6 left behind matters in two places. A second update puts the new record in
 * transition too, perhaps beside an older one that still is on the medium: the last one counts, and
 * that is the right one, since records are only ever appended. A delete has no record left that
 * outranks the forgotten one, so it forces what was remembered before it touches the value's own
 * word.
 *
 * <p>What an earlier process left is forced as a whole before the first change, since it may have
 * died before its own force. Records found with a live twin, left by an interrupted update, are
 * deleted and forced before the variable is changed again, after the value they stand in for was. A
 * failed commit is undone by the same words: the new record is deleted, and the old one, in
 * transition, is the value as before.
 *
 * <p>A store has one user at a time, the caller that holds the gate. Words change by
 * compare-and-set all the same: a caller that was given up in the middle loses that race and
 * reports a device error.
 *
 * <h2>Why a stopped user changes nothing after a takeover</h2>
 *
 * <p>A user changes the storage through a {@code StorageLease}, which announces each change before
 * it looks whether it was revoked. Whoever takes over, an image's next user or its {@link
 * io.efirts.firmware.store.CrashStore}, revokes, looks at the announcements, and then, in {@code
 * StoreTakeOver}:
 *
 * <ol>
 *   <li>gives up each record that is claimed and not committed, by the word the commit changes;
 *   <li>completes the claim at the tail that may have begun, so that no word of it is erased;
 *   <li>counts the reserved byte on in the word of the record that the announced change is about:
 *       that change expects another word, now and for good, since words never come back;
 *   <li>forces everything, and only then reads and writes: what it has read is durable.
 * </ol>
 *
 * <p>Bytes that are still being written belong to a record that was given up, or to the formatting
 * of an empty image. In that one case nothing is written before the formatting has ended.
 */
package io.efirts.firmware.store;
