// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.CallResult;
import io.efirts.api.RuntimeServicesAbi;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spec.VariableAttributes;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.dispatch.Dispatcher;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.store.NvLayout;
import io.efirts.x86.abi.CallingConvention;
import io.efirts.x86.abi.MsX64Convention;
import io.efirts.x86.machine.TestMachine;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.vcpu.ModelX86Vcpu;
import io.efirts.x86.vcpu.X86Register;
import io.efirts.x86.vcpu.X86Vcpu;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A VMM whose guests have no firmware of their own: the entries of the runtime services table lead
 * to instructions that trap, and the VMM answers the call from the registers it finds. The guest's
 * buffers are not copied; they lie in memory that the firmware's tables map as well.
 */
@Timeout(60)
class MiniVmmTest {
  /** Where the guest's table says that the first service is; the others follow, 16 bytes each. */
  private static final long TRAPS = 0xFFFF_FFFE_F000_0000L;

  private static final long BYTES_PER_TRAP = 16;

  /** The VMM: everything it needs to answer a guest. */
  private record MiniVmm(RuntimeServicesAbi services, CallingConvention convention, long[] words) {
    /** The guest's processor stopped at a trap. */
    void onTrap(X86Vcpu guest, AddressSpaceView guestMemory) {
      RuntimeService service = RuntimeService.of((int) ((guest.rip() - TRAPS) / BYTES_PER_TRAP));
      convention.readArguments(guest, guestMemory, service, words);
      CallResult result = services.call(service, words[0], words[1], words[2], words[3], words[4]);
      convention.returnStatus(guest, guestMemory, result.status().raw());
    }
  }

  private static final long NAME = TestMachine.FIRMWARE_DATA;
  private static final long GUID = TestMachine.FIRMWARE_DATA + 0x100;
  private static final long SIZE = TestMachine.FIRMWARE_DATA + 0x200;
  private static final long DATA = TestMachine.FIRMWARE_DATA + 0x300;
  private static final long STACK = TestMachine.HOST_DATA + 0x1000;
  private static final long CALLER = 0xFFFF_FFFF_8100_0000L;

  private final TestMachine machine = new TestMachine(PagingMode.FOUR_LEVEL);
  private final ModelX86Vcpu guest = ModelX86Vcpu.of(PagingMode.FOUR_LEVEL, machine.hostRoot());
  private final AddressSpaceView guestMemory = machine.hostView();

  /** What the guest's compiled code does: five arguments, then CALL. */
  private void guestCalls(
      RuntimeService service, long first, long second, long third, long fourth, long fifth) {
    guest.set(X86Register.RCX, first);
    guest.set(X86Register.RDX, second);
    guest.set(X86Register.R8, third);
    guest.set(X86Register.R9, fourth);
    guest.set(X86Register.RSP, STACK - 8);
    guestMemory.putLong(STACK - 8, CALLER);
    guestMemory.putLong(STACK - 8 + 0x28, fifth);
    guest.loadRip(TRAPS + BYTES_PER_TRAP * service.ordinal());
  }

  private void guestWritesNameAndGuid(String name) {
    for (int i = 0; i < name.length(); i++) {
      guestMemory.putByte(NAME + 2L * i, (byte) name.charAt(i));
    }
    guestMemory.putLong(GUID, 0x1122_3344_5566_7788L);
  }

  @Test
  void aGuestSetsAndGetsAVariable() {
    try (Dispatcher dispatcher =
        Dispatcher.builder()
            .firmware(
                () ->
                    new FirmwareInstance(
                        ReferenceFirmware.builder(NvLayout.OVMF_4M).build(),
                        machine.context(machine.space())))
            .calls(4)
            .bufferBytes(4096)
            .start()) {
      MiniVmm vmm = new MiniVmm(dispatcher.abi(), new MsX64Convention(), new long[5]);
      guestWritesNameAndGuid("Answer");
      guestMemory.putLong(DATA, 42);
      int attributes = VariableAttributes.BOOTSERVICE_ACCESS | VariableAttributes.NON_VOLATILE;

      guestCalls(RuntimeService.SET_VARIABLE, NAME, GUID, attributes, 8, DATA);
      vmm.onTrap(guest, guestMemory);
      assertEquals(EfiStatusCode.SUCCESS, guest.get(X86Register.RAX));
      assertEquals(CALLER, guest.rip(), "the guest goes on behind its CALL");
      assertEquals(STACK, guest.get(X86Register.RSP));

      guestMemory.putLong(DATA, 0);
      guestMemory.putLong(SIZE, 64);
      guestCalls(RuntimeService.GET_VARIABLE, NAME, GUID, 0, SIZE, DATA);
      vmm.onTrap(guest, guestMemory);
      assertEquals(EfiStatusCode.SUCCESS, guest.get(X86Register.RAX));
      assertEquals(8, guestMemory.getLong(SIZE));
      assertEquals(42, guestMemory.getLong(DATA));

      guestMemory.putLong(SIZE, 4);
      guestCalls(RuntimeService.GET_VARIABLE, NAME, GUID, 0, SIZE, DATA);
      vmm.onTrap(guest, guestMemory);
      assertEquals(EfiStatusCode.BUFFER_TOO_SMALL, guest.get(X86Register.RAX));
    }
  }
}
