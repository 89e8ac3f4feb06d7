// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.read;

import io.efirts.pstore.format.DumpReason;
import io.efirts.pstore.format.PartHeader;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** The records that one dump of the log left. Immutable; any thread may use it. */
public final class CrashDump {
  /** How many seconds the time stamps of two parts that follow each other may differ. */
  public static final int MAX_GAP_SECONDS = 60;

  /** By the time stamp of the part written first; then as {@link #type} and {@link #count} say. */
  public static final Comparator<CrashDump> OLDEST_FIRST =
      Comparator.comparingLong(CrashDump::seconds)
          .thenComparingInt(CrashDump::type)
          .thenComparingInt(CrashDump::count)
          .thenComparing(dump -> dump.parts.getFirst().name().text());

  private final List<CrashRecord> parts;

  private CrashDump(List<CrashRecord> parts) {
    this.parts = List.copyOf(parts);
  }

  /**
   * Puts records together to dumps: those of the same type and count whose time stamps are near
   * each other, each part once. Records of two dumps cannot be told apart if the later one lost its
   * first parts and came within {@link #MAX_GAP_SECONDS}.
   *
   * @param records in any order
   * @return the dumps, oldest first; each record is in exactly one
   */
  public static List<CrashDump> group(Collection<CrashRecord> records) {
    return DumpGrouping.group(records).stream().map(CrashDump::new).sorted(OLDEST_FIRST).toList();
  }

  /**
   * The records.
   *
   * @return at least one, by rising part number: newest end of the log first
   */
  public List<CrashRecord> parts() {
    return parts;
  }

  /**
   * What the dump is about.
   *
   * @return the number in its names
   */
  public int type() {
    return parts.getFirst().name().type();
  }

  /**
   * The number of the dump since boot.
   *
   * @return 0 if its names have none
   */
  public int count() {
    return parts.getFirst().name().count();
  }

  /**
   * When the first of its records was written.
   *
   * @return seconds since 1970
   */
  public long seconds() {
    return parts.getFirst().name().seconds();
  }

  /**
   * How much the dump takes in its variables.
   *
   * @return the sum of the values' sizes in bytes
   */
  public long storedBytes() {
    return parts.stream().mapToLong(CrashRecord::storedBytes).sum();
  }

  /**
   * Why the log was dumped, as the first header says that can be read. Decodes.
   *
   * @return {@link DumpReason#UNDEFINED} if none can be read
   */
  public DumpReason reason() {
    for (CrashRecord part : parts) {
      RecordContent content = part.content();
      PartHeader header = content.isDecoded() ? PartHeader.parse(content.bytes()) : null;
      if (header != null) {
        return header.reason();
      }
    }
    return DumpReason.UNDEFINED;
  }

  /**
   * The log, oldest line first: the text of all parts without their header lines. In place of parts
   * that are missing, or that cannot be decoded, there is one line in brackets that says so. That
   * older parts are missing cannot be known. Decodes.
   *
   * @return a fresh array
   */
  public byte[] log() {
    return new RebuiltLog().append(parts).toByteArray();
  }
}
