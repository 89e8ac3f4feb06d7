// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.report;

/**
 * A record that was written.
 *
 * @param id its number
 * @param part its part of the dump, from 1
 * @param count the dump's number, as in the name
 * @param seconds when, in seconds since 1970
 * @param compressed whether its content is compressed
 * @param sizeBytes how much of it is stored
 */
public record RecordAnnouncement(
    long id, int part, int count, long seconds, boolean compressed, int sizeBytes) {}
