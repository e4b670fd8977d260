//! Lessons: the list of them, and one to be read beside the text that it is about.

use watertight_diagnostic::ask::lesson::{Course, Goal, Lesson};
use yew::prelude::*;

use super::app::focus_soon;
use super::docs::docs;
use super::icon::Icon;
use super::prose;
use crate::hooks::Page;
use crate::language::{engine, say, say_with};
use crate::state::{Action, LessonAct as Act, LessonState, Tab};

/// The panel.
#[inline(never)]
pub(crate) fn lesson_panel(page: &Page) -> Html {
    let state = &page.state.lesson;
    let Some(course) = &state.course else {
        return html! {
            if state.failed {
                <p class="empty">{ say("The lessons could not be loaded.") }{ " " }{ button(page, "link", Act::Open(None), say("Try again")) }</p>
            } else {
                <p class="empty">{ say("The lessons are on their way.") }</p>
            }
        };
    };
    // A new lesson begins at its top.
    html! {
        <div class="lesson" key={state.at.map_or("list".to_owned(), |at| at.to_string())}>
            { match (state.lesson(), state.at) {
                (Some(lesson), Some(at)) => reading(page, course, lesson, at),
                _ => list(page, course),
            } }
        </div>
    }
}

fn button(page: &Page, class: &'static str, act: Act, label: impl Into<AttrValue>) -> Html {
    html! { <button type="button" {class} onclick={on(page, act)}>{ label.into() }</button> }
}

/// What is pressed may be gone afterwards; the focus goes on with what has come.
fn on(page: &Page, act: Act) -> Callback<MouseEvent> {
    let next = match act {
        Act::Choose(_) | Act::List => Some("lesson-title".to_owned()),
        Act::Leave => Some("tab-findings".to_owned()),
        Act::Hint => Some(hint_id(page.state.lesson.hints)),
        _ => None,
    };
    let done = page.on(Action::Lesson(act));
    Callback::from(move |event: MouseEvent| {
        done.emit(event);
        if let Some(next) = &next {
            focus_soon(next.clone());
        }
    })
}

fn hint_id(place: usize) -> String {
    format!("hint-{place}")
}

fn list(page: &Page, course: &Course) -> Html {
    let state = &page.state.lesson;
    let is_solved = |lesson: &Lesson| state.own.is_none() && state.solved.contains(&lesson.id);
    let solved = course.lessons.iter().filter(|lesson| is_solved(lesson)).count();
    let title = state.own.as_ref().map_or(say("Out of the box"), |own| &own.name);
    html! {
        <>
            <h2 class="panel-title" id="lesson-title" tabindex="-1">{ title }</h2>
            <p class="muted">
                { say("Each lesson is one idea, tried on a text of yours to change. What you do is checked as you type.") }{ " " }
                if state.own.is_none() {
                    { say_with("{done} of {all} are done; that is kept in this browser alone.", &[("done", &solved), ("all", &course.lessons.len())]) }
                }
            </p>
            <ol class="lesson-list">
                { for course.lessons.iter().enumerate().map(|(place, lesson)| html! {
                    <li class={classes!(is_solved(lesson).then_some("lesson-done"))}>
                        <a href={format!("#lesson={}", lesson.id)} lang={engine()} onclick={on(page, Act::Choose(place))}>
                            { &lesson.title }
                        </a>
                        if lesson.minutes > 0 {
                            <span class="muted">{ say_with("{count} min", &[("count", &lesson.minutes)]) }</span>
                        }
                        if is_solved(lesson) {
                            <span class="lesson-tick">{ Icon::Tick.draw() }{ say("done") }</span>
                        }
                    </li>
                }) }
            </ol>
            <p class="lesson-actions">
                { button(page, "button", Act::Leave, say("Leave the lessons")) }
                if state.own.is_some() {
                    <button type="button" class="button" data-tool="share" aria-haspopup="dialog">{ say("Share this course") }</button>
                }
            </p>
        </>
    }
}

fn reading(page: &Page, course: &Course, lesson: &Lesson, at: usize) -> Html {
    let state = &page.state.lesson;
    let solved = state.is_solved();
    let next = course.lessons.get(at + 1).map(|next| (at + 1, next));
    let presenting = if state.presenting { say("Usual size") } else { say("Present") };
    html! {
        <>
            <p class="lesson-bar">
                <span class="muted">{ say_with("Lesson {at} of {all}", &[("at", &(at + 1)), ("all", &course.lessons.len())]) }</span>
                { button(page, "link", Act::List, say("All lessons")) }
                { button(page, "link", Act::Present, presenting) }
                { button(page, "link", Act::Leave, say("Leave the lessons")) }
            </p>
            <h2 class="panel-title" id="lesson-title" tabindex="-1" lang={engine()}>{ &lesson.title }</h2>
            { docs(&lesson.text) }
            { goals(page, lesson, state) }
            if let Some((place, next)) = next.filter(|_| solved) {
                { done(lesson) }
                <p class="lesson-actions">
                    { button(page, "button primary", Act::Choose(place), say_with("Next: {title}", &[("title", &next.title)])) }
                </p>
            } else if solved {
                { done(lesson) }
                <p class="lesson-actions">{ button(page, "button primary", Act::List, say("That was the last one: all lessons")) }</p>
            } else {
                { hints(page, lesson, state.hints) }
            }
            <p class="lesson-actions">
                <button type="button" class="button" onclick={page.on(Action::Tab(Tab::Map))}>{ say("Look at the map") }</button>
                { button(page, "button", Act::Again, say("Again from the start")) }
                { button(page, "button", Act::Solve, say("Show the solution")) }
            </p>
        </>
    }
}

/// The goals in words, and how things stand with each.
fn goals(page: &Page, lesson: &Lesson, state: &LessonState) -> Html {
    let known: &[Goal] = state.goals.as_ref().map_or(&[], |(_, goals)| goals);
    let stale = state.goals.as_ref().is_none_or(|(stamp, _)| *stamp != page.state.stamp);
    html! {
        <section class={classes!("lesson-goals", stale.then_some("stale"))} aria-label={say("Goals")}>
            <h3>{ say("Goals") }</h3>
            <ul>
                { for lesson.goals.iter().enumerate().map(|(place, text)| {
                    let goal = known.get(place);
                    let done = goal.is_some_and(|goal| goal.done);
                    html! {
                        <li class={if done { "goal-done" } else { "goal-open" }}>
                            <span class="goal-sign">{ if done { Icon::Tick.draw() } else { html! {} } }</span>
                            <div>
                                <span class="unseen">{ if done { say("Reached:") } else { say("Not yet:") } }{ " " }</span>{ prose(text) }
                                if let Some(goal) = goal.filter(|goal| !goal.done) {
                                    <small>{ prose(&goal.now) }</small>
                                }
                            </div>
                        </li>
                    }
                }) }
            </ul>
        </section>
    }
}

fn done(lesson: &Lesson) -> Html {
    html! {
        <section class="lesson-why" aria-label={say("What to take away")}>
            <h3>{ say("Done. What to take away") }</h3>
            { docs(&lesson.why) }
        </section>
    }
}

/// The hints that were asked for, and one more.
fn hints(page: &Page, lesson: &Lesson, shown: usize) -> Html {
    let all = lesson.hints.len();
    html! {
        <>
            { for lesson.hints.iter().take(shown).enumerate().map(|(place, hint)| html! {
                <div class="lesson-hint" id={hint_id(place)} tabindex="-1">{ docs(hint) }</div>
            }) }
            if shown < all {
                <p class="lesson-actions">
                    { button(page, "button primary", Act::Hint, say_with("Give me a hint ({at} of {all})", &[("at", &(shown + 1)), ("all", &all)])) }
                </p>
            }
        </>
    }
}
