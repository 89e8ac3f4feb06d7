// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.Translation;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.paging.FrameBitmap;
import io.efirts.api.paging.PageSize;
import io.efirts.api.plan.VirtualMap;
import io.efirts.stress.Meeting;
import io.efirts.x86.paging.PageTables;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.plan.VirtualAddressPlanner;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * Firmware is entered while the host maps a page for which it needs a new top-level entry and three
 * new tables: through the copies one finds nothing or that page, and it at the next entry (I-23).
 */
@JCStressTest
@Outcome(
    id = {"nothing, page", "page, page"},
    expect = ACCEPTABLE,
    desc = "as the host was before or is after")
@Outcome(
    id = ".*, (nothing|other)",
    expect = FORBIDDEN,
    desc = "the next entry does not see what the host has mapped (I-23)")
@Outcome(
    id = "other, .*",
    expect = FORBIDDEN,
    desc = "a copy led to a table before that was filled (I-23)")
@State
public class EntryAgainstGrowth {
  private static final long ADDRESS = 0xFFFF_8880_1234_5000L;
  private static final long PHYSICAL = 0x1234_5000L;
  private static final long PAGE = 4096;
  private static final int FRAMES = 16;
  private static final VirtualMap PLAN =
      VirtualMap.of(VirtualAddressPlanner.LINUX_WINDOW, List.of());

  private final PageTables host;
  private final EfiAddressSpace space;
  private final Meeting meeting = new Meeting();

  public EntryAgainstGrowth() {
    MemoryRegion region =
        new MemoryRegion(
            new PhysicalAddress(0x10_0000),
            MemorySegment.ofArray(new long[(int) (FRAMES * PAGE / Long.BYTES)]));
    // What an unfilled table has in it leads somewhere.
    region.bytes().fill((byte) 0x67);
    GuestMemory memory = GuestMemory.of(List.of(region));
    FrameBitmap frames = FrameBitmap.of(PageSize.FOUR_KIB, region);
    host = PageTables.builder(PagingMode.FOUR_LEVEL, memory, frames).build();
    space =
        EfiAddressSpace.builder(PageTables.builder(PagingMode.FOUR_LEVEL, memory, frames), PLAN)
            .host(new HostTables(PagingMode.FOUR_LEVEL, new PhysicalAddress(host.root())))
            .build();
  }

  @Actor
  public void grow() {
    meeting.arrive();
    host.map(
            new VirtualAddress(ADDRESS),
            new PhysicalAddress(PHYSICAL),
            PAGE,
            MappingAttributes.DATA)
        .ignore();
  }

  @Actor
  public void enter(LL_Result r) {
    meeting.arrive();
    r.r1 = reached();
  }

  @Arbiter
  public void after(LL_Result r) {
    r.r2 = reached();
  }

  private String reached() {
    space.prepareEntry();
    long translation = space.tables().translate(ADDRESS, Access.WRITE);
    if (!Translation.isFault(translation)) {
      return translation == PHYSICAL ? "page" : "other";
    }
    return Translation.faultKind(translation) == FaultKind.NOT_MAPPED
            && Translation.faultDetail(translation) == 2
        ? "nothing"
        : "other";
  }
}
