// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.virtualmode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.LongHolder;
import io.efirts.api.Outcome;
import io.efirts.api.call.CallFrame;
import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.MemoryDescriptorArray;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.InterruptControl;
import io.efirts.api.spi.VirtualModeFailure;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.emergency.Emergency;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.dispatch.event.FaultReport;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.policy.RearmPolicy;
import io.efirts.testkit.ScriptedFirmware;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * SetVirtualAddressMap is called once, before any other call, by the physical address of its array;
 * when it fails, the services are disabled from the start, with the reason. I-24.
 */
@Timeout(60)
class VirtualModeSwitchTest {
  private static final RuntimeService SERVICE = RuntimeService.SET_VIRTUAL_ADDRESS_MAP;

  private final FlatHost host = new FlatHost();
  private final ScriptedFirmware firmware = new ScriptedFirmware();

  private FirmwareInstance perform() {
    return VirtualModeSwitch.perform(firmware, host, InterruptControl.NONE);
  }

  @Test
  void theArrayIsPassedByItsPhysicalAddressInTheIdentityContext() {
    List<Long> words = new ArrayList<>();
    firmware.on(
        SERVICE,
        frame -> {
          assertSame(host.identity.memory(), frame.memory());
          for (int i = 0; i < frame.argumentCount(); i++) {
            words.add(frame.word(i));
          }
          return EfiStatusCode.SUCCESS;
        });
    FirmwareInstance instance = perform();
    assertEquals(List.of(2 * 48L, 48L, 1L, FlatHost.ARRAY), words);
    assertEquals(
        host.descriptors(), MemoryDescriptorArray.read(host.array.asSlice(0, 2 * 48), 48, 1));
    assertNull(instance.failure());
    assertSame(host.ordinary, instance.context());
    assertTrue(host.entered);
  }

  @Test
  void stopsAreDeferredMeanwhile() {
    List<String> order = new ArrayList<>();
    firmware.on(
        SERVICE,
        frame -> {
          order.add("call");
          return EfiStatusCode.SUCCESS;
        });
    InterruptControl control =
        new InterruptControl() {
          @Override
          public long disable() {
            order.add("disable");
            return 7;
          }

          @Override
          public void restore(long previous) {
            order.add("restore " + previous);
          }
        };
    VirtualModeSwitch.perform(firmware, host, control);
    assertEquals(List.of("disable", "call", "restore 7"), order);
  }

  @Test
  void aSecondSwitchIsMisuse() {
    perform();
    assertThrows(IllegalStateException.class, this::perform);
  }

  @Test
  void aRefusalDisablesTheServices() {
    firmware.on(SERVICE, frame -> EfiStatusCode.INVALID_PARAMETER);
    FaultReport report = disabled();
    assertTrue(report.toString().contains("EFI_INVALID_PARAMETER"), report.toString());
    assertEquals(SERVICE, report.service());
  }

  @Test
  void aFaultIsContainedAndDisablesTheServices() {
    host.identity.addressSpace().unmap(new VirtualAddress(FlatHost.ARRAY), 4096).ignore();
    firmware.on(SERVICE, VirtualModeSwitchTest::readArray);
    FaultReport report = disabled();
    assertTrue(report.toString().contains("address=0x300000"), report.toString());
  }

  private static long readArray(CallFrame frame) {
    frame.memory().getLong(frame.word(3));
    return EfiStatusCode.SUCCESS;
  }

  @Test
  void anErrorIsContainedToo() {
    firmware.on(
        SERVICE,
        frame -> {
          throw new StackOverflowError();
        });
    assertTrue(disabled().toString().contains("StackOverflowError"));
  }

  @Test
  void aTableWithAWrongChecksumDisablesTheServices() {
    firmware.on(
        SERVICE,
        frame -> {
          frame.memory().putLong(FlatHost.RUNTIME_SERVICES + 24, FlatHost.CODE + 1);
          return EfiStatusCode.SUCCESS;
        });
    assertTrue(disabled().toString().contains("crc32"));
  }

  @Test
  void aTableThatIsElsewhereDisablesTheServices() {
    firmware.on(
        SERVICE,
        frame -> {
          host.runtimeServicesAt(FlatHost.CODE);
          return EfiStatusCode.SUCCESS;
        });
    assertTrue(disabled().toString().contains("was=0x200100, is=0x100000"));
  }

  @Test
  void aTableThatIsNowhereDisablesTheServices() {
    firmware.on(
        SERVICE,
        frame -> {
          host.runtimeServicesAt(0x7777_0000);
          return EfiStatusCode.SUCCESS;
        });
    assertTrue(disabled().toString().contains("is=0x77770000"));
  }

  @Test
  void anEntryThatCannotBeExecutedDisablesTheServices() {
    firmware.on(
        SERVICE,
        frame -> {
          host.entryAt(RuntimeService.GET_VARIABLE, FlatHost.TABLES);
          return EfiStatusCode.SUCCESS;
        });
    assertTrue(disabled().toString().contains("entry of GetVariable must be executable"));
  }

  /**
   * A table of revision 1.10 ends with ResetSystem. What lies behind is no pointer of firmware's.
   */
  @Test
  void whatLiesBehindAShorterTableIsNoEntry() {
    host.tablesOfRevision110();
    assertNull(perform().failure());
    assertTrue(host.entered);
  }

  /** Nobody knows which of its pointers were changed, and the crash entry follows some of them. */
  @Test
  void aPanicLeavesSuchFirmwareAlone() {
    firmware.on(SERVICE, frame -> EfiStatusCode.DEVICE_ERROR);
    firmware.crashEntry(frame -> EfiStatusCode.SUCCESS);
    FirmwareInstance instance =
        new FirmwareInstance(
            firmware, host.ordinary, new FlatFirmwareContext(1 << 20), perform().failure());
    try (Dispatcher dispatcher = Dispatcher.builder().firmware(() -> instance).start()) {
      Emergency emergency = dispatcher.beginEmergency(Duration.ZERO);
      assertFalse(emergency.canCallFirmware());
      assertEquals(
          CallResult.refused(Outcome.EMERGENCY, false, false),
          emergency.queryVariableInfo(7, longHolder(), longHolder(), longHolder()));
      emergency.end();
    }
  }

  /** Performs the switch, which fails; no service is made after that, and everybody hears why. */
  private FaultReport disabled() {
    FirmwareInstance instance = perform();
    assertFalse(host.entered);
    long calls = firmware.entries();
    try (Dispatcher dispatcher = Dispatcher.builder().firmware(() -> instance).start()) {
      assertEquals(DispatcherMode.DISABLED, dispatcher.mode());
      CallResult refused = CallResult.refused(Outcome.DISABLED, false, false);
      assertEquals(refused, dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null));
      assertEquals(
          refused,
          dispatcher.nonBlocking().queryVariableInfo(7, longHolder(), longHolder(), longHolder()));
      assertEquals(calls, firmware.entries());
      return dispatcher.fault().orElseThrow();
    }
  }

  private static LongHolder longHolder() {
    return new LongHolder();
  }

  @Test
  void aNewInstanceIsSwitchedLikeTheFirst() {
    int[] attempts = new int[1];
    ScriptedFirmware second = new ScriptedFirmware();
    firmware.on(SERVICE, frame -> EfiStatusCode.UNSUPPORTED);
    try (Dispatcher dispatcher =
        Dispatcher.builder()
            .invoker()
            .rearm(RearmPolicy.afterProbe(2, Duration.ZERO))
            .firmware(
                () ->
                    VirtualModeSwitch.perform(
                        attempts[0]++ == 0 ? firmware : second,
                        new FlatHost(),
                        InterruptControl.NONE))
            .start()) {
      assertEquals(DispatcherMode.DISABLED, dispatcher.mode());
      dispatcher.pump();
      assertEquals(DispatcherMode.OPEN, dispatcher.mode());
      assertTrue(second.entries() > 0);
    }
  }

  @Test
  void aNewInstanceThatCannotBeSwitchedDoesNotServeAndSaysWhy() {
    List<DispatcherEvent> told = new ArrayList<>();
    firmware.on(SERVICE, frame -> EfiStatusCode.UNSUPPORTED);
    try (Dispatcher dispatcher =
        Dispatcher.builder()
            .invoker()
            .rearm(RearmPolicy.afterProbe(1, Duration.ZERO))
            .listener(told::add)
            .firmware(
                () -> VirtualModeSwitch.perform(firmware, new FlatHost(), InterruptControl.NONE))
            .start()) {
      dispatcher.pump();
      dispatcher.pump();
      assertEquals(DispatcherMode.DISABLED, dispatcher.mode());
      assertEquals(2, firmware.entries(), "SetVirtualAddressMap, once in each instance");
    }
    DispatcherEvent.RearmFailed failed =
        told.stream()
            .filter(DispatcherEvent.RearmFailed.class::isInstance)
            .map(DispatcherEvent.RearmFailed.class::cast)
            .findFirst()
            .orElseThrow();
    assertInstanceOf(VirtualModeFailure.class, failed.cause());
  }
}
