// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.BooleanHolder;
import io.efirts.api.CallResult;
import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.VariableNameCursor;
import io.efirts.api.spec.EfiCapsuleHeader;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTime;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.Passing;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spec.ServiceParameter;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Every typed call against its service's signature, and the time, system and capsule services. */
class TypedPackingTest {
  private static final EfiGuid GUID = new EfiGuid(1, 2);
  private static final EfiTime TIME = new EfiTime(2025, 3, 10, 2, 53, 39, 5, -60, 1);
  private static final CallResult SUCCESS = CallResult.completed(0);
  private static final CallResult FAILURE = CallResult.completed(EfiStatus.DEVICE_ERROR.raw());
  private static final MemorySegment DATA = MemorySegment.ofArray(new byte[16]);

  /** Each service with all its arguments given. */
  private static final List<Consumer<RuntimeCall>> COMPLETE =
      List.of(
          call -> TimeCalls.packGetTime(call, true),
          call -> TimeCalls.packSetTime(call, TIME),
          TimeCalls::packGetWakeupTime,
          call -> TimeCalls.packSetWakeupTime(call, true, TIME),
          call -> SystemCalls.packSetVirtualAddressMap(call, 48, 1, DATA),
          call -> SystemCalls.packConvertPointer(call, 1, 0x1000),
          call -> VariableCalls.packGetVariable(call, "n", GUID, true, 16, DATA),
          call -> VariableCalls.packGetNextVariableName(call, new VariableNameCursor(16)),
          call -> VariableCalls.packSetVariable(call, "n", GUID, 7, 16, DATA),
          SystemCalls::packGetNextHighMonotonicCount,
          call -> SystemCalls.packResetSystem(call, ResetType.WARM, EfiStatus.SUCCESS, DATA),
          call -> CapsuleCalls.packUpdateCapsule(call, List.of(header(1)), 0x5000),
          call -> CapsuleCalls.packQueryCapsuleCapabilities(call, List.of(header(1))),
          call -> VariableCalls.packQueryVariableInfo(call, 7));

  private final RuntimeCall call = Items.ofBytes(0x200);

  private static EfiCapsuleHeader header(int number) {
    return new EfiCapsuleHeader(new EfiGuid(number, ~number), 28, 0x1_0000, 0x1000L * number);
  }

  @Test
  void everyServiceIsPackedAsItsSignatureSays() {
    Set<RuntimeService> seen = EnumSet.noneOf(RuntimeService.class);
    for (Consumer<RuntimeCall> pack : COMPLETE) {
      RuntimeCall fresh = Items.ofBytes(0x200);
      pack.accept(fresh);
      seen.add(fresh.service());
      for (int i = 0; i < fresh.argumentCount(); i++) {
        assertPacked(fresh, i);
      }
    }
    assertEquals(EnumSet.allOf(RuntimeService.class), seen);
  }

  private static void assertPacked(RuntimeCall fresh, int index) {
    RuntimeService service = fresh.service();
    ServiceParameter parameter = service.signature().parameter(index);
    String what = service.efiName() + "." + parameter.name();
    long word = Items.wordAt(fresh, index);
    long cell = Items.FIRMWARE_ADDRESS + fresh.cellOffset(index);
    if (parameter.passing() == Passing.VALUE) {
      assertEquals(cell, word, what);
    } else if (!parameter.isVariableSized()) {
      assertEquals(cell, word, what);
      assertTrue(parameter.widthBytes() <= CallLayout.CELL_BYTES, what);
    } else {
      long space =
          service == RuntimeService.SET_VIRTUAL_ADDRESS_MAP
              ? Items.PHYSICAL_ADDRESS
              : Items.FIRMWARE_ADDRESS;
      assertEquals(space + fresh.bufferOffset(index), word, what);
      assertEquals(0, word % 16, what);
    }
  }

  @Test
  void anItemReusedForAnyOtherServiceIsAsFresh() {
    for (Consumer<RuntimeCall> first : COMPLETE) {
      for (Consumer<RuntimeCall> second : COMPLETE) {
        RuntimeCall reused = Items.ofBytes(0x200);
        first.accept(reused);
        second.accept(reused);
        RuntimeCall fresh = Items.ofBytes(0x200);
        second.accept(fresh);
        CallFrame expected = Items.unpack(fresh);
        CallFrame actual = Items.unpack(reused);
        assertEquals(expected.service(), actual.service());
        for (int i = 0; i < expected.argumentCount(); i++) {
          assertEquals(expected.word(i), actual.word(i));
        }
      }
    }
  }

  @Test
  void timesAreCopiedInAndOut() {
    TimeCalls.packSetTime(call, TIME);
    assertEquals("e907030a0235270005000000c4ff0100", Items.hex(call, 0x60, 16));
    EfiTimeHolder time = new EfiTimeHolder();
    TimeCalls.copyOutGetTime(call, FAILURE, time, null);
    assertEquals(0, time.year());
    TimeCalls.copyOutGetTime(call, SUCCESS, time, null);
    assertEquals(TIME, time.toEfiTime());
    TimeCalls.packGetTime(call, false);
    assertEquals(0, Items.unpack(call).word(1));
    assertEquals("0".repeat(32), Items.hex(call, 0x60, 16), "what was there is cleared");
  }

  @Test
  void anAlarmIsCopiedInAndOut() {
    TimeCalls.packSetWakeupTime(call, true, null);
    assertEquals(1, Items.unpack(call).word(0));
    assertEquals(0, Items.unpack(call).word(1));
    TimeCalls.packSetWakeupTime(call, false, TIME);
    assertEquals(0, Items.unpack(call).word(0));
    assertEquals(TIME, EfiTime.read(call.item(), call.cellOffset(1)));

    TimeCalls.packGetWakeupTime(call);
    call.item().set(Items.INT, call.cellOffset(0), 0x80);
    TIME.write(call.item(), call.cellOffset(2));
    BooleanHolder enabled = new BooleanHolder();
    BooleanHolder pending = new BooleanHolder();
    EfiTimeHolder time = new EfiTimeHolder();
    TimeCalls.copyOutGetWakeupTime(call, FAILURE, enabled, pending, time);
    assertFalse(enabled.value);
    TimeCalls.copyOutGetWakeupTime(call, SUCCESS, enabled, pending, time);
    assertTrue(enabled.value, "any byte but 0 is true");
    assertFalse(pending.value);
    assertEquals(TIME, time.toEfiTime());
  }

  @Test
  void theVirtualMapIsPassedByItsPhysicalAddress() {
    SystemCalls.packSetVirtualAddressMap(call, 48, 0x1_0001, Items.bytes(9, 8, 7));
    CallFrame frame = Items.unpack(call);
    assertEquals(3, frame.word(0));
    assertEquals(48, frame.word(1));
    assertEquals(0x1_0001, frame.word(2));
    assertEquals(Items.PHYSICAL_ADDRESS + 0x100, frame.word(3));
    assertEquals("090807", Items.hex(call, 0x100, 3));
    assertEquals(
        "argument must fit the work item's buffer: lengthBytes=257, remaining=256",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    SystemCalls.packSetVirtualAddressMap(
                        call, 48, 1, MemorySegment.ofArray(new byte[257])))
            .getMessage());
  }

  @Test
  void pointersAndCountsAreCopiedOutOnSuccessOnly() {
    LongHolder pointer = new LongHolder(0x1234);
    SystemCalls.packConvertPointer(call, 0, pointer.value);
    assertEquals(0x1234, call.item().get(Items.LONG, call.cellOffset(1)));
    call.item().set(Items.LONG, call.cellOffset(1), -0x1234);
    SystemCalls.copyOutConvertPointer(call, FAILURE, pointer);
    assertEquals(0x1234, pointer.value);
    SystemCalls.copyOutConvertPointer(call, SUCCESS, pointer);
    assertEquals(-0x1234, pointer.value);

    IntHolder count = new IntHolder();
    SystemCalls.packGetNextHighMonotonicCount(call);
    call.item().set(Items.LONG, call.cellOffset(0), -1);
    SystemCalls.copyOutGetNextHighMonotonicCount(call, FAILURE, count);
    assertEquals(0, count.value);
    SystemCalls.copyOutGetNextHighMonotonicCount(call, SUCCESS, count);
    assertEquals(-1, count.value);
  }

  @Test
  void resetDataMayBeLeftOut() {
    SystemCalls.packResetSystem(call, ResetType.PLATFORM_SPECIFIC, EfiStatus.of(-1), null);
    CallFrame frame = Items.unpack(call);
    assertEquals(3, frame.word(0));
    assertEquals(-1, frame.word(1));
    assertEquals(0, frame.word(2));
    assertEquals(0, frame.word(3));
  }

  @Test
  void capsuleHeadersFollowTheirPointersAligned() {
    CapsuleCalls.packUpdateCapsule(call, List.of(header(1), header(2), header(3)), -1);
    CallFrame frame = Items.unpack(call);
    assertEquals(3, frame.word(1));
    assertEquals(-1, frame.word(2), "a physical address is passed whole");
    for (int i = 0; i < 3; i++) {
      long pointer = call.item().get(Items.LONG, 0x100 + 8L * i);
      assertEquals(Items.FIRMWARE_ADDRESS + 0x120 + 32L * i, pointer);
      assertEquals(
          header(i + 1), EfiCapsuleHeader.read(call.item(), pointer - Items.FIRMWARE_ADDRESS));
    }
    CapsuleCalls.packUpdateCapsule(call, List.of(), 0);
    assertEquals(0, Items.unpack(call).word(1));
  }

  @Test
  void capsuleAnswersAreCopiedOutOnSuccessOnly() {
    LongHolder size = new LongHolder();
    IntHolder type = new IntHolder();
    CapsuleCalls.packQueryCapsuleCapabilities(call, List.of());
    call.item().set(Items.LONG, call.cellOffset(2), -2);
    call.item().set(Items.LONG, call.cellOffset(3), -1);
    CapsuleCalls.copyOutQueryCapsuleCapabilities(call, FAILURE, size, type);
    assertEquals(0, size.value + type.value);
    CapsuleCalls.copyOutQueryCapsuleCapabilities(call, SUCCESS, size, type);
    assertEquals(-2, size.value);
    assertEquals(-1, type.value);
  }

  @Test
  void misuseIsNamedBeforeAnythingIsPassedOn() {
    List<EfiCapsuleHeader> holed = new ArrayList<>(List.of(header(1)));
    holed.add(null);
    assertEquals(
        "capsuleHeaders must hold no null: index=1",
        assertThrows(
                NullPointerException.class, () -> CapsuleCalls.packUpdateCapsule(call, holed, 0))
            .getMessage());
    call.beginVendor(0x1000, 2);
    assertEquals(
        "a vendor call takes words only: index=1, value=0x20",
        assertThrows(IllegalStateException.class, () -> call.packValue(1, 0x20)).getMessage());
    MemorySegment constant = MemorySegment.ofArray(new byte[4]).asReadOnly();
    assertTrue(
        assertThrows(
                IllegalArgumentException.class,
                () -> VariableCalls.packGetVariable(call, "n", GUID, false, 4, constant))
            .getMessage()
            .startsWith("data must be writable: data="));
  }
}
