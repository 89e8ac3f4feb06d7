// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.format;

/**
 * The number by which Linux tells records apart: (seconds * 100 + part) * 1000 + count, as an
 * unsigned 64-bit number that wraps.
 *
 * <p>It is not unique. Part 100 has the id of part 0 one second later, count 1000 that of count 0
 * one part later, and seconds that differ by 2<sup>64</sup> / 100,000 come near each other; hence
 * whatever is named by an id may exist twice. A record's only exact name is its variable's.
 */
public final class RecordId {
  private static final long PARTS = 100;
  private static final long COUNTS = 1000;

  private RecordId() {}

  /**
   * Computes an id. Any thread may call; does not allocate.
   *
   * @param seconds time stamp
   * @param part number of the part
   * @param count number of the dump
   * @return the id, unsigned
   */
  public static long of(long seconds, int part, int count) {
    return (seconds * PARTS + part) * COUNTS + count;
  }

  /**
   * The decimal form Linux has in file names.
   *
   * @param id an id
   * @return its digits, read as unsigned
   */
  public static String text(long id) {
    return Long.toUnsignedString(id);
  }
}
