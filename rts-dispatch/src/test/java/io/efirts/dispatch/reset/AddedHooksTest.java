// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.reset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.policy.RebootHook;
import io.efirts.testkit.ScriptedFirmware;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Hooks that come and go while a dispatcher is open. */
class AddedHooksTest {
  private final List<String> order = new ArrayList<>();
  private final Dispatcher dispatcher =
      Dispatcher.builder()
          .firmware(new ScriptedFirmware())
          .calls(1)
          .invoker()
          .rebootHook(type -> order.add("first"))
          .start();

  @AfterEach
  void close() {
    dispatcher.close();
  }

  private List<String> reset() {
    order.clear();
    dispatcher.runtimeServices().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null);
    return List.copyOf(order);
  }

  @Test
  void theyRunBehindThoseThatAreThere() {
    dispatcher.addRebootHook(type -> order.add("second " + type));
    dispatcher.addRebootHook(type -> order.add("third"));
    assertEquals(List.of("first", "second COLD", "third"), reset());
    assertEquals(List.of("first", "second COLD", "third"), reset(), "before each reset");
  }

  @Test
  void theyCanBeTakenAway() {
    RebootHook second = type -> order.add("second");
    dispatcher.addRebootHook(second);
    dispatcher.addRebootHook(type -> order.add("third"));
    dispatcher.removeRebootHook(second);
    assertEquals(List.of("first", "third"), reset());
    dispatcher.removeRebootHook(second);
    dispatcher.removeRebootHook(null);
    assertEquals(List.of("first", "third"), reset(), "nothing happens where there is none");
  }

  @Test
  void oneThatWasAddedTwiceIsTakenAwayOnce() {
    RebootHook twice = type -> order.add("twice");
    dispatcher.addRebootHook(twice);
    dispatcher.addRebootHook(twice);
    assertEquals(List.of("first", "twice", "twice"), reset());
    dispatcher.removeRebootHook(twice);
    assertEquals(List.of("first", "twice"), reset());
  }

  /** A reset runs those that were there when it began. */
  @Test
  void oneThatComesOrGoesDuringAResetDoesSoForTheNext() {
    RebootHook late = type -> order.add("late");
    RebootHook[] once = new RebootHook[1];
    once[0] =
        type -> {
          order.add("once");
          dispatcher.removeRebootHook(once[0]);
          dispatcher.addRebootHook(late);
        };
    dispatcher.addRebootHook(once[0]);
    dispatcher.addRebootHook(type -> order.add("third"));
    assertEquals(List.of("first", "once", "third"), reset());
    assertEquals(List.of("first", "third", "late"), reset());
  }

  @Test
  void aHookIsNotNull() {
    assertEquals(
        "hook",
        assertThrows(NullPointerException.class, () -> dispatcher.addRebootHook(null))
            .getMessage());
  }
}
