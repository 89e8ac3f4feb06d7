// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu;

import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.spec.EfiSystemTable;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spec.RuntimeServicesTable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Makes a service of real firmware hang: its first instruction jumps to itself. */
final class HangingFirmware {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** x86: JMP -2. */
  private static final int JUMP_TO_ITSELF_X86 = 0xFEEB;

  /** arm64: B . */
  private static final int BRANCH_TO_ITSELF_ARM64 = 0x1400_0000;

  private HangingFirmware() {}

  /** Before the switch to virtual addresses, and before anything uses the arena. */
  static void hang(QemuGuest guest, RuntimeService service) {
    boolean x86 = guest instanceof X86Guest;
    MemoryRegion arena = guest.arena();
    arena.bytes().set(INT, 0, x86 ? JUMP_TO_ITSELF_X86 : BRANCH_TO_ITSELF_ARM64);
    guest.copy(entry(guest, service), arena.base().value(), x86 ? 2 : 4);
    arena.bytes().set(INT, 0, 0);
  }

  static long entry(QemuGuest guest, RuntimeService service) {
    MemorySegment system = at(guest, guest.systemTable().value());
    long table = EfiSystemTable.runtimeServices64(system);
    return RuntimeServicesTable.readFunctionPointer64(at(guest, table), 0, service);
  }

  private static MemorySegment at(QemuGuest guest, long address) {
    MemoryRegion region = guest.memory().regionAt(address);
    return region.bytes().asSlice(region.offsetOf(address));
  }
}
