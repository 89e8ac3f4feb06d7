// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.pstore.format.RecordId;
import io.efirts.pstore.format.RecordName;
import io.efirts.pstore.read.CrashRecord;
import java.math.BigInteger;

/**
 * A crash record without its text, as {@code --json} shows it.
 *
 * @param id the number in Linux's file name, unsigned
 * @param type what the record is about, 0 for a kernel log
 * @param part number of the part
 * @param count number of the dump since boot
 * @param timestamp when it was written, in seconds since 1970
 * @param compressed whether it is stored compressed
 * @param size how many bytes are stored
 */
record RecordSummary(
    BigInteger id, int type, int part, int count, long timestamp, boolean compressed, int size) {
  static RecordSummary of(CrashRecord record) {
    RecordName name = record.name();
    return new RecordSummary(
        new BigInteger(RecordId.text(name.id())),
        name.type(),
        name.part(),
        name.count(),
        name.seconds(),
        name.compressed(),
        record.storedBytes());
  }
}
