// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.abi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.call.CallFrame;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.RuntimeService;
import io.efirts.x86.machine.TestMachine;
import io.efirts.x86.machine.VcpuState;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.vcpu.ModelX86Vcpu;
import io.efirts.x86.vcpu.X86Register;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The stack as 32-bit UEFI has it, and statuses of 32 bits. */
class CdeclConventionTest {
  private static final long TOP = TestMachine.HOST_DATA + 0x8000;
  private static final long ENTRY = 0xFEDC_0000L;
  private static final long RETURN = 0x8000_1234L;

  private final TestMachine machine = new TestMachine(PagingMode.PAE);
  private final ModelX86Vcpu vcpu = machine.vcpu();
  private final AddressSpaceView memory = machine.hostView();
  private final CdeclConvention convention = new CdeclConvention();

  @BeforeEach
  void setStack() {
    vcpu.set(X86Register.RSP, TOP);
  }

  private void prepare(CallFrame frame) {
    convention.prepareCall(vcpu, memory, frame, ENTRY, RETURN);
  }

  private int[] slots(int count) {
    int[] slots = new int[count];
    for (int i = 0; i < count; i++) {
      slots[i] = memory.getInt(vcpu.get(X86Register.RSP) + 4L * i);
    }
    return slots;
  }

  @Test
  void allArgumentsLieOnTheStack() {
    prepare(
        Frames.service(
            memory, RuntimeService.SET_VARIABLE, 0x11, 0xFFFF_FFFFL, 7, 0x44, 0x8000_0000L));
    assertArrayEquals(new int[] {(int) RETURN, 0x11, -1, 7, 0x44, 0x8000_0000}, slots(6));
    assertEquals(12, vcpu.get(X86Register.RSP) % 16, "aligned before the call");
    assertEquals(ENTRY, vcpu.rip());
  }

  @Test
  void a64BitValueTakesTwoSlotsLowerHalfFirst() {
    CallFrame frame =
        Frames.service(memory, RuntimeService.UPDATE_CAPSULE, 0x11, 2, 0xFEDC_BA98_7654_3210L);
    prepare(frame);
    assertArrayEquals(new int[] {(int) RETURN, 0x11, 2, 0x7654_3210, 0xFEDC_BA98}, slots(5));
    long[] read = new long[3];
    assertEquals(3, convention.readArguments(vcpu, memory, RuntimeService.UPDATE_CAPSULE, read));
    assertArrayEquals(Frames.words(frame), read);
  }

  @ParameterizedTest
  @CsvSource({
    "0x8000000000000007, 0x80000007",
    "0xC000000000000001, 0xC0000001",
    "0xA000000000000002, 0xA0000002",
    "0x4000000000000003, 0x40000003",
    "0x1FFFFFFF, 0x1FFFFFFF",
    "0, 0"
  })
  void aStatusKeepsItsClassAtTheTop(String wide, String narrow) {
    long status = Long.parseUnsignedLong(wide.replace("0x", ""), 16);
    long status32 = Long.parseLong(narrow.replace("0x", ""), 16);
    CallFrame frame = Frames.vendor(memory);
    prepare(frame);
    convention.returnStatus(vcpu, memory, status);
    assertEquals(status32, vcpu.get(X86Register.RAX));
    assertEquals(RETURN, vcpu.rip());
    assertEquals(status, convention.finishCall(vcpu, frame));
    assertEquals(TOP, vcpu.get(X86Register.RSP));
  }

  @Test
  void theStatusOfAResetIsOneToo() {
    CallFrame frame =
        Frames.service(memory, RuntimeService.RESET_SYSTEM, 2, EfiStatusCode.DEVICE_ERROR, 0, 0);
    prepare(frame);
    assertArrayEquals(new int[] {(int) RETURN, 2, 0x8000_0007, 0, 0}, slots(5));
    long[] read = new long[4];
    convention.readArguments(vcpu, memory, RuntimeService.RESET_SYSTEM, read);
    assertArrayEquals(Frames.words(frame), read);
  }

  @ParameterizedTest
  @ValueSource(longs = {1L << 32, -1})
  void aStatusWithout32BitFormIsRefused(long status) {
    prepare(Frames.vendor(memory));
    Map<String, Long> before = VcpuState.of(vcpu);
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> convention.returnStatus(vcpu, memory, status));
    assertEquals(
        "status must have a 32-bit form: status=0x" + Long.toHexString(status),
        refused.getMessage());
    assertEquals(before, VcpuState.of(vcpu));
    assertEquals(
        EfiStatus.SUCCESS.raw(), EfiStatusCode.ofWidth32(0), "what a caller would have taken");
  }

  @Test
  void whatDoesNotFit32BitsIsRefusedByName() {
    Map<String, Long> before = VcpuState.of(vcpu);
    assertRefused(
        "DataSize must fit 32 bits: value=0x100000000",
        Frames.service(memory, RuntimeService.SET_VARIABLE, 1, 2, 7, 1L << 32, 0));
    assertRefused(
        "Time must fit 32 bits: value=0xffffffff00000000",
        Frames.service(memory, RuntimeService.GET_TIME, 0xFFFF_FFFF_0000_0000L, 0));
    assertRefused("word 1 must fit 32 bits: value=0x100000000", Frames.vendor(memory, 0, 1L << 32));
    assertRefused(
        "status must have a 32-bit form: status=0x4000000001",
        Frames.service(memory, RuntimeService.RESET_SYSTEM, 0, 0x40_0000_0001L, 0, 0));
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> convention.prepareCall(vcpu, memory, Frames.vendor(memory), 1L << 32, RETURN));
    assertEquals("entry point must fit 32 bits: value=0x100000000", refused.getMessage());
    assertEquals(before, VcpuState.of(vcpu));
  }

  private void assertRefused(String message, CallFrame frame) {
    memory.putLong(TOP - 16, 0x1234);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> prepare(frame));
    assertEquals(message, refused.getMessage());
    assertEquals(0x1234, memory.getLong(TOP - 16), "nothing was pushed");
  }

  @Test
  void vendorsWordsAreAsWideAsPointers() {
    prepare(Frames.vendor(memory, 1, 2, 3, 4, 5, 0xFFFF_FFFFL));
    long[] read = new long[6];
    convention.readWords(vcpu, memory, 6, read);
    assertArrayEquals(new long[] {1, 2, 3, 4, 5, 0xFFFF_FFFFL}, read);
  }

  @Test
  void whatLiesBeyondAValuesWidthIsDropped() {
    memory.putInt(TOP + 4, 0xABCD_EF01);
    memory.putInt(TOP + 8, 0x55);
    long[] read = new long[2];
    convention.readArguments(vcpu, memory, RuntimeService.SET_WAKEUP_TIME, read);
    assertArrayEquals(new long[] {1, 0x55}, read);
  }
}
