// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import static io.efirts.api.memory.MappingAttributes.CODE;
import static io.efirts.api.memory.MappingAttributes.DATA;
import static io.efirts.api.memory.MappingAttributes.READ_ONLY;
import static io.efirts.arm64.paging.Guest.GIB;
import static io.efirts.arm64.paging.Guest.MIB;
import static io.efirts.arm64.paging.Guest.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.memory.FlushToken;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What has to be flushed, and that frames are not reused before it was. */
class FlushTokenTest {
  private final Guest guest = new Guest(Granule.FOUR_KIB, 64);
  private final List<String> flushes = new ArrayList<>();
  private final PageTables tables =
      guest
          .builder()
          .asid(7)
          .tlbFlush(
              (root, first, last) ->
                  flushes.add(
                      "%x %x-%x with %d frames in use"
                          .formatted(root, first, last, guest.framesInUse())))
          .build();

  @Test
  void framesComeBackAfterTheFlush() {
    Guest.map(tables, 0, 0, PAGE, DATA);
    assertEquals(4, guest.framesInUse());
    FlushToken token = Guest.unmapping(tables, 0, PAGE);
    assertEquals(4, guest.framesInUse());
    token.flush();
    assertEquals(1, guest.framesInUse());
    // The tables on the way are gone too, and with them what the root's entry translated.
    assertEquals(List.of("7000000100000 0-7fffffffff with 4 frames in use"), flushes);
  }

  @Test
  void aFlushReachesNoFurtherThanWhatChanged() {
    Guest.map(tables, 0, 0, 4 * PAGE, DATA);
    Guest.unmap(tables, PAGE, 2 * PAGE);
    Guest.protect(tables, 3 * PAGE, PAGE, READ_ONLY);
    assertEquals(
        List.of(
            "7000000100000 1000-2fff with 4 frames in use",
            "7000000100000 3000-3fff with 4 frames in use"),
        flushes);
  }

  @Test
  void framesThatWaitForAFlushAreNotUsedByTheNextChange() {
    Guest.map(tables, 0, 0, PAGE, DATA);
    long table = guest.frame(3);
    FlushToken token = Guest.unmapping(tables, 0, PAGE);
    Guest.map(tables, GIB, 0, 2 * PAGE, READ_ONLY);
    assertEquals(7, guest.framesInUse());
    // A processor that still walks the old table must find nothing new in it.
    assertEquals(0, guest.load(table));
    token.ignore();
    assertEquals(4, guest.framesInUse());
  }

  @Test
  void ignoringGivesFramesBackWithoutAFlush() {
    Guest.map(tables, 0, 0, PAGE, DATA);
    Guest.unmapping(tables, 0, PAGE).ignore();
    assertEquals(1, guest.framesInUse());
    assertEquals(List.of(), flushes);
  }

  @Test
  void framesComeBackOnce() {
    Guest.map(tables, 0, 0, PAGE, DATA);
    FlushToken token = Guest.unmapping(tables, 0, PAGE);
    token.ignore();
    Guest.map(tables, 0, 0, PAGE, DATA);
    token.flush();
    token.ignore();
    assertEquals(4, guest.framesInUse());
  }

  @Test
  void aFlushThatFailsCanBeTriedAgain() {
    boolean[] reachable = new boolean[1];
    PageTables others =
        guest
            .builder()
            .tlbFlush(
                (root, first, last) -> {
                  if (!reachable[0]) {
                    throw new IllegalStateException("a processor does not answer");
                  }
                })
            .build();
    Guest.map(others, 0, 0, PAGE, DATA);
    int before = guest.framesInUse();
    FlushToken token = Guest.unmapping(others, 0, PAGE);
    assertThrows(IllegalStateException.class, token::flush);
    assertEquals(before, guest.framesInUse());
    reachable[0] = true;
    token.flush();
    assertEquals(before - 3, guest.framesInUse());
  }

  @Test
  void whatWasNotValidNeedsNoFlush() {
    assertSame(FlushToken.NONE, Guest.mapping(tables, 0, 0, PAGE, DATA));
    assertSame(FlushToken.NONE, Guest.mapping(tables, PAGE, 0, PAGE, CODE));
    assertSame(FlushToken.NONE, Guest.mapping(tables, GIB, 0, PAGE, DATA));
  }

  @Test
  void splittingJoiningAndProtectingNeedOneIfTheyChangeAnEntry() {
    Guest.map(tables, 0, 0, 2 * MIB, DATA);
    assertSame(FlushToken.NONE, Guest.protecting(tables, 0, PAGE, DATA));
    assertSame(FlushToken.NONE, Guest.joining(tables, 0, GIB));
    Guest.protect(tables, 0, PAGE, READ_ONLY);
    Guest.protect(tables, 0, PAGE, DATA);
    FlushToken joined = Guest.joining(tables, 0, GIB);
    assertEquals(4, guest.framesInUse());
    joined.flush();
    assertEquals(
        List.of(
            "7000000100000 0-1fffff with 4 frames in use",
            "7000000100000 0-fff with 4 frames in use",
            "7000000100000 0-3fffffff with 4 frames in use"),
        flushes);
    assertEquals(3, guest.framesInUse());
  }
}
