// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.log;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a dump reads from a source, as tests look at it. */
final class KmsgDump {
  /** More slices than any test's log has; a log that does not end is found out by it. */
  private static final int MOST_SLICES = 100_000;

  private KmsgDump() {}

  /** All slices of a log, newest first. */
  static List<String> slices(KmsgSource source, int limitBytes) {
    KmsgSlice slice = new KmsgSlice(new byte[limitBytes], 0);
    List<String> slices = new ArrayList<>();
    source.sliceBefore(source.end(), limitBytes, slice);
    while (slice.length() > 0) {
      slices.add(text(slice));
      assertTrue(slices.size() < MOST_SLICES, "a log must end");
      source.sliceBefore(slice.start(), limitBytes, slice);
    }
    return slices;
  }

  /** The whole log, oldest line first. */
  static String text(KmsgSource source, int limitBytes) {
    // By bytes, not by characters: a slice may end in the middle of one.
    StringBuilder log = new StringBuilder();
    slices(source, limitBytes).reversed().forEach(log::append);
    return new String(log.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /** The whole log, oldest line first. */
  static List<String> lines(KmsgSource source) {
    return text(source, 4096).lines().toList();
  }

  private static String text(KmsgSlice slice) {
    return new String(slice.buffer(), slice.offset(), slice.length(), StandardCharsets.ISO_8859_1);
  }
}
