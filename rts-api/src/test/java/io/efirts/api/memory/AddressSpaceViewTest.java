// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.memory.AddressSpaceViewTest.SwappedPages.Hole;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Every access is translated page by page, and what cannot be translated is a fault. */
class AddressSpaceViewTest {
  private static final long PAGE = AddressSpace.PAGE_BYTES;
  private static final long BASE = 0x10_0000;

  /** Two neighbouring virtual pages lead to physical pages in the opposite order. */
  static final class SwappedPages implements AddressSpace {
    /** A page that is not there, by what its faults carry. */
    record Hole(FaultKind kind, int detail) {}

    private static final Hole NOTHING = new Hole(FaultKind.NOT_MAPPED, 0x14);

    @Override
    public long translate(long virtualAddress, Access access) {
      long offset = virtualAddress & PAGE - 1;
      return switch ((int) (virtualAddress - BASE >>> 12)) {
        case 0 -> BASE + PAGE + offset;
        case 1 -> BASE + offset;
        case 3 ->
            access == Access.WRITE ? Translation.fault(FaultKind.PROTECTION, 7) : BASE + offset;
        case 4 -> 0x7000_0000L + offset;
        default -> Translation.fault(NOTHING.kind(), NOTHING.detail());
      };
    }

    @Override
    public FlushToken map(
        VirtualAddress virtual, PhysicalAddress physical, long bytes, MappingAttributes how) {
      throw new UnsupportedOperationException("fixed");
    }

    @Override
    public FlushToken unmap(VirtualAddress virtual, long bytes) {
      throw new UnsupportedOperationException("fixed");
    }

    @Override
    public FlushToken protect(VirtualAddress virtual, long bytes, MappingAttributes how) {
      throw new UnsupportedOperationException("fixed");
    }

    @Override
    public long root() {
      return 1;
    }
  }

  private final MemorySegment bytes = MemorySegment.ofArray(new byte[2 * (int) PAGE]);
  private final AddressSpaceView view =
      new AddressSpaceView(
          new SwappedPages(),
          GuestMemory.of(List.of(new MemoryRegion(new PhysicalAddress(BASE), bytes))));

  @Test
  void valuesAreLittleEndianAtAnyAlignment() {
    for (int offset = 0; offset < 8; offset++) {
      long address = BASE + 64 + offset;
      view.putLong(address, 0x1122_3344_5566_7788L);
      assertEquals((byte) 0x88, view.getByte(address));
      assertEquals((short) 0x7788, view.getShort(address));
      assertEquals(0x5566_7788, view.getInt(address));
      assertEquals(0x1122_3344_5566_7788L, view.getLong(address));
      assertEquals((byte) 0x88, bytes.get(ValueLayout.JAVA_BYTE, PAGE + 64 + offset));
      view.putInt(address, -2);
      view.putByte(address + 4, (byte) 5);
      assertEquals(0x1122_3305_FFFF_FFFEL, view.getLong(address));
    }
  }

  @Test
  void valuesMayCrossIntoAPageThatLiesElsewhere() {
    for (int before = 1; before < 8; before++) {
      long address = BASE + PAGE - before;
      view.putLong(address, 0x8877_6655_4433_2211L);
      assertEquals(0x8877_6655_4433_2211L, view.getLong(address));
      assertEquals((byte) 0x11, bytes.get(ValueLayout.JAVA_BYTE, 2 * PAGE - before));
      assertEquals((byte) 0x88, bytes.get(ValueLayout.JAVA_BYTE, 7 - before));
      view.putInt(address, 0xCAFE_BABE);
      assertEquals(0xCAFE_BABE, view.getInt(address));
      assertEquals((short) 0xBABE, view.getShort(address));
    }
  }

  @Test
  void blocksMayCrossIntoAPageThatLiesElsewhere() {
    byte[] block = new byte[(int) PAGE];
    for (int i = 0; i < block.length; i++) {
      block[i] = (byte) (i * 31);
    }
    view.write(BASE + 100, MemorySegment.ofArray(block), 0, PAGE);
    assertEquals(block[0], bytes.get(ValueLayout.JAVA_BYTE, PAGE + 100));
    assertEquals(block[(int) PAGE - 100], bytes.get(ValueLayout.JAVA_BYTE, 0));
    byte[] back = new byte[(int) PAGE + 2];
    view.read(BASE + 100, MemorySegment.ofArray(back), 1, PAGE);
    assertEquals(0, back[0]);
    assertEquals(0, back[(int) PAGE + 1]);
    assertArrayEquals(block, Arrays.copyOfRange(back, 1, (int) PAGE + 1));
  }

  @Test
  void nothingIsTouchedByAnEmptyBlock() {
    view.read(0, MemorySegment.ofArray(new byte[0]), 0, 0);
    view.write(0, MemorySegment.ofArray(new byte[0]), 0, 0);
    assertEquals(-1, bytes.mismatch(MemorySegment.ofArray(new byte[2 * (int) PAGE])));
  }

  @Test
  void aFaultSaysWhereAndWhy() {
    long missing = BASE + 2 * PAGE;
    assertFault(
        new Hole(FaultKind.NOT_MAPPED, 0x14), missing, Access.READ, () -> view.getByte(missing));
    assertFault(
        new Hole(FaultKind.NOT_MAPPED, 0x14), missing, Access.WRITE, () -> view.putInt(missing, 1));
    long readOnly = BASE + 3 * PAGE + 8;
    assertFault(
        new Hole(FaultKind.PROTECTION, 7), readOnly, Access.WRITE, () -> view.putLong(readOnly, 1));
    assertEquals(0, view.getLong(readOnly));
    long noMemory = BASE + 4 * PAGE;
    assertFault(
        new Hole(FaultKind.NO_MEMORY, 0), noMemory, Access.READ, () -> view.getShort(noMemory));
    assertFault(
        new Hole(FaultKind.NO_MEMORY, 0),
        noMemory,
        Access.WRITE,
        () -> view.putByte(noMemory, (byte) 1));
  }

  @Test
  void anAccessThatFaultsOnItsSecondPageNamesThatPage() {
    long end = BASE + 2 * PAGE;
    Hole hole = new Hole(FaultKind.NOT_MAPPED, 0x14);
    assertFault(hole, end, Access.READ, () -> view.getLong(end - 4));
    assertFault(hole, end, Access.WRITE, () -> view.putLong(end - 4, -1));
    assertEquals(-1, view.getInt(end - 4), "the first page has taken it");
    MemorySegment block = MemorySegment.ofArray(new byte[16]);
    MemorySegment zeros = MemorySegment.ofArray(new byte[16]);
    assertFault(hole, end, Access.READ, () -> view.read(end - 8, block, 0, 16));
    assertFault(hole, end, Access.WRITE, () -> view.write(end - 8, zeros, 0, 16));
    assertEquals(0, view.getLong(end - 8));
  }

  @Test
  void theEndOfTheAddressSpaceIsAPlaceLikeAnyOther() {
    Hole hole = new Hole(FaultKind.NOT_MAPPED, 0x14);
    assertFault(hole, -1, Access.READ, () -> view.getLong(-1));
    assertFault(hole, -8, Access.READ, () -> view.getLong(-8));
  }

  @Test
  void anAddressIsTranslatedWithoutAnAccessWhereverItLeads() {
    long readOnly = BASE + 3 * PAGE + 5;
    assertEquals(BASE + PAGE + 8, view.physicalAddress(BASE + 8, Access.WRITE));
    assertEquals(BASE + 5, view.physicalAddress(readOnly, Access.EXECUTE));
    assertEquals(0x7000_0010L, view.physicalAddress(BASE + 4 * PAGE + 16, Access.READ));
    Hole guarded = new Hole(FaultKind.PROTECTION, 7);
    assertFault(
        guarded, readOnly, Access.WRITE, () -> view.physicalAddress(readOnly, Access.WRITE));
  }

  private static void assertFault(Hole hole, long address, Access access, Executable touch) {
    FirmwareFault fault = assertThrows(FirmwareFault.class, touch);
    assertEquals(hole.kind(), fault.kind());
    assertEquals(hole.detail(), fault.detail());
    assertEquals(address, fault.address());
    assertEquals(access, fault.access());
    assertEquals(
        "firmware fault: kind="
            + hole.kind()
            + ", access="
            + access
            + ", address=0x"
            + Long.toHexString(address),
        fault.getMessage());
  }
}
